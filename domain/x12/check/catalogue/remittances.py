"""Rules across the segments of a remittance, and its balances (R835)."""

RULES = """
R835-BAL-001 | E | SVC02 less the line's adjustments is SVC03 | Ask the payer for a corrected file; nothing of this one is posted | {guide}, section 1.10.2.1.1
R835-BAL-002 | E | CLP03 less all adjustments of the claim and its lines is CLP04 | Ask the payer for a corrected file; nothing of this one is posted | {guide}, section 1.10.2.1.2
R835-BAL-003 | E | The payments of all claims less the provider adjustments are BPR02 | Ask the payer for a corrected file; nothing of this one is posted | {guide}, section 1.10.2.1.3
R835-BAL-004 | E | The transaction is complete | Ask the payer for the whole file | {guide}, SE
R835-BAL-005 | W | CLP05 is the sum of the adjustments under PR | Trust the adjustments; tell the payer | {guide}, CLP05
R835-BAL-006 | E | Every amount that a balance needs can be read | Ask the payer for a corrected file | {guide}, section 1.10.2.1
R835-BAL-007 | W | The lines of a claim charge what the claim charges | Ask the payer where the missing lines are | {guide}, section 1.10.2.1
R835-BPR-001 | E | BPR02 is not negative | Ask the payer: a debt is carried forward by PLB FB | {guide}, BPR02
R835-BPR-002 | E | Method NON goes with no amount | Ask the payer which of the two is meant | {guide}, BPR04
R835-BPR-003 | W | An electronic payment names the banks of both sides | Match the deposit by TRN02 and amount | {guide}, BPR06 to BPR15
R835-BPR-004 | W | Without an amount the method is NON | Nothing; expect no deposit | {guide}, BPR04
R835-TRN-001 | W | TRN03 repeats the payer id of BPR10 | Match the deposit by either | {guide}, TRN03
R835-DAT-001 | E | A period ends on or after the day on which it begins | Ask the payer; the dates are taken as they stand | {guide}, DTM
R835-PER-001 | W | The payer names its technical contact | Ask the payer's EDI desk | {guide}, 1000A PER*BL
P837,I837,R835-CAS-001 | W | A reason has the form of a claim adjustment reason code | Look the code up; it may be newer than this check | Code list 139
P837,I837,R835-CAS-002 | E | Every adjusted amount has its reason | Correct the CAS, or ask the payer for a corrected file | {guide}, CAS
P837,I837,R835-CAS-003 | E | Every reason has its amount | Correct the CAS, or ask the payer for a corrected file | {guide}, CAS
R835-RMK-001 | W | A remark has the form of a remittance advice remark code | Look the code up; it may be newer than this check | Code list 411
R835-CLP-001 | W | A reversal turns every sign | Compare it with the payment that it takes back | {guide}, section 1.10.2.8
R835-CLP-002 | W | A claim of an unknown patient (CLP02 4) is not paid | Treat the claim by its amounts | X12 RFI 1423
R835-CLP-003 | E | A predetermination (CLP02 25) pays nothing | Ask the payer; a promise is not posted | {guide}, CLP02
"""
