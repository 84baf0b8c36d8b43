"""Rules across the segments of a claim acknowledgment (C277) and of an implementation acknowledgment (A999)."""

RULES = """
C277-STC-001 | E | The status category is one of a claim acknowledgment's, A0 to A8 | Ask the sender; the status is not acted on | {guide}, STC01-1
C277-STC-002 | W | STC03 agrees with the status category (WQ accepted, U rejected) | The category decides | {guide}, STC03
C277-CNT-001 | W | QTY counts the claims that this answer accepts and rejects | Look for claims that the answer leaves out | {guide}, 2200B QTY
A999-CNT-001 | E | Every set answered (AK2) has one verdict (IK5) | Ask the sender for the whole answer | {guide}, AK2 and IK5
A999-CNT-002 | E | AK903 counts the sets received | Judge each set by its IK5 | {guide}, AK903
A999-CNT-003 | E | AK904 counts the sets accepted | Judge each set by its IK5 | {guide}, AK904
A999-CNT-004 | E | No more sets are accepted than received | Judge each set by its IK5 | {guide}, AK9
A999-AK9-001 | E | AK901 agrees with the counts beside it | Judge each set by its IK5 | {guide}, AK901
A999-IK3-001 | E | IK302 counts the segments of the set from 1 | Ask the sender; the fault cannot be placed | {guide}, IK302
A999-IK5-001 | W | A rejected set names a fault | Ask the sender what is wrong | {guide}, IK5
A999-IK5-002 | W | A set accepted without errors names none | Treat the set as accepted with errors | {guide}, IK501
"""
