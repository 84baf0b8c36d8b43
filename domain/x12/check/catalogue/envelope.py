"""Rules on envelopes, segments and elements (X12), and those that every guide table brings along (STR, REQ, COD, NOT, HL)."""

RULES = """
X12-ENV-001 | E | ISA has sixteen elements of fixed widths, 106 bytes with its terminator | Pad every element of the ISA with spaces to its width | X12.5, ISA
X12-ENV-002 | E | Every ISA is closed by an IEA | Ask the sender for the whole file; it may have been cut off | X12.5, IEA
X12-ENV-003 | E | IEA02 repeats ISA13 | Write the control number of the ISA into IEA02 | X12.5, IEA02
X12-ENV-004 | E | IEA01 counts the groups of the interchange | Correct the count, or look for a group that is lost | X12.5, IEA01
X12-ENV-005 | E | Every GS is closed by a GE | Ask the sender for the whole file; it may have been cut off | X12.22, GE
X12-ENV-006 | E | GE02 repeats GS06 | Write the control number of the GS into GE02 | X12.22, GE02
X12-ENV-007 | E | GE01 counts the transaction sets of the group | Correct the count, or look for a set that is lost | X12.22, GE01
X12-ENV-008 | E | Every ST is closed by an SE | Ask the sender for the whole file; it may have been cut off | X12.22, SE
X12-ENV-009 | E | SE02 repeats ST02 | Write the control number of the ST into SE02 | X12.22, SE02
X12-ENV-010 | E | SE01 counts the segments from ST to SE, both included | Correct the count, or look for segments that are lost | X12.22, SE01
X12-ENV-011 | E | Between sets stand only GS, GE, TA1 and IEA | Remove the segment or put it inside its transaction set | X12.5, control structures
X12-ENV-012 | E | Every segment ends with the terminator, the last one too | End the IEA with the terminator | X12.5, control structures
X12-ENV-013 | E | Each element of the ISA holds one of its values | Correct the element; codes and forms are those of the ISA | X12.5, ISA
X12-ENV-014 | E | GS and ST hold their identifiers, numbers, date and time | Correct the element | X12.22, GS and ST
X12-ENV-015 | E | GS01 names the kind of sets that the group holds | Put the set into a group of its kind, or correct GS01 | X12.22, GS01
X12-ENV-016 | E | ST03 repeats the guide of GS08 | Write the same guide into ST03 and GS08 | {guide}, ST03
X12-ENV-017 | E | A control number is used once | Give every interchange, group and set a number of its own | X12.5, control numbers
X12-ENV-018 | E | The file is of version 5010 | Ask the sender for the file in 005010 | 45 CFR 162.1102
X12-ENV-019 | E | An interchange holds groups or a TA1, a group holds sets | Leave empty envelopes out | X12.5, control structures
X12-ENV-020 | E | A TA1 names the interchange, its day, a verdict (A, E, R) and a note (000 to 031) | Correct the element | X12.5, TA1
X12-ENV-021 | W | The set is one of 837P, 837I, 835, 277CA and 999 | Nothing, when another kind is expected: only its envelope and elements were checked | X12.22, ST
X12-ENV-022 | W | ISA11 holds the repetition separator, a sign that no data uses | Write a sign such as ^ into ISA11 | X12.5, ISA11
X12-ENV-023 | E | GS08 names a guide of the kind that GS01 announces | Correct GS01 or GS08 | X12.22, GS08
X12-ENV-024 | E | TA105 is 000 when the interchange is accepted, and a reason when it is not | Correct TA104 or TA105 | X12.5, TA1
X12-SEG-001 | E | A segment id is two or three capital letters or digits | Correct the id, or look for a terminator inside the data | X12.6, segments
X12-SEG-002 | W | Empty elements and components at the end are left out | Remove the separators at the end | {guide}, segments
X12-SEG-003 | E | A segment has at least one element | Leave the segment out, or fill it | X12.6, segments
X12-SEG-004 | E | The guide knows the segment | Remove the segment, or correct its id | {guide}, transaction set listing
X12-SEG-005 | W | Components are separated by the sign in ISA16 | Use the component separator of the ISA | X12.5, ISA16
X12-ELM-001 | E | No control character or line end stands inside a segment | Remove it, or look for a segment that lost its terminator | X12.6, basic character set
X12-ELM-002 | E | Only characters of the basic and extended sets | Write the letter without its accent, leave other signs out | X12.6, extended character set
X12-ELM-003 | E | The element is no longer than the dictionary allows | Shorten it, or look for a separator that is missing | X12.6, data elements
X12-ELM-004 | E | The element is no shorter than the dictionary demands | Complete it | X12.6, data elements
X12-ELM-005 | W | Data has no spaces at its beginning or end | Remove the spaces | X12.6, data elements
X12-ELM-006 | E | A number is written with digits, one point and a leading minus only | Write the number without other signs | X12.6, numeric elements
X12-ELM-007 | E | A date is a day of the calendar as CCYYMMDD | Correct the date | X12.6, date elements
X12-ELM-008 | E | A segment has no more elements than the dictionary gives it | Remove the extra elements, or look for a separator inside the data | X12.6, segments
X12-ELM-009 | E | The component separator stands in composites only | Remove it from the data | X12.5, ISA16
X12-ELM-010 | E | A composite has no more components than the dictionary gives it | Remove the extra components | X12.6, composites
X12-ELM-011 | E | A time is HHMM or HHMMSS | Correct the time | X12.6, time elements
X12-ELM-012 | E | Elements that explain each other come together | Send both, or neither | X12.6, relational conditions
X12-ELM-013 | E | An amount has at most two decimals | Write dollars and cents | X12.6, element 782
X12-ELM-014 | W | An amount has at most ten digits | Split or correct the amount; many receivers refuse longer ones | {guide}, appendix B
X12-LIM-001 | E | A file has fewer than 2,000 faults | Correct the first ones and check again | This check
P837,I837,R835,C277,A999-STR-001 | E | Each segment stands in a loop that knows it | Move the segment to its loop, or leave it out | {guide}, transaction set listing
P837,I837,R835,C277,A999-STR-002 | E | Segments stand in the order of the guide | Move the segment up to its place | {guide}, transaction set listing
P837,I837,R835,C277,A999-STR-003 | E | Required segments and loops are there | Add what is missing | {guide}, transaction set listing
P837,I837,R835,C277,A999-STR-004 | E | No segment or loop stands more often than the guide allows | Remove the surplus ones | {guide}, transaction set listing
P837,I837,R835,C277,A999-REQ-001 | E | Required elements are sent | Fill the element | {guide}, segment detail
P837,I837,R835,C277,A999-COD-001 | E | The code is one that the guide lists at this place | Choose one of the codes listed | {guide}, segment detail
P837,I837,R835,C277,A999-NOT-001 | W | Elements that the guide does not use stay empty | Leave the element out | {guide}, segment detail
P837,I837,C277-HL-001 | E | HL01 counts the levels of the set from 1 | Number the levels one after another | {guide}, HL01
P837,I837,C277-HL-002 | E | HL02 names an earlier level of the kind above | Write the number of the level above | {guide}, HL02
P837,I837,C277-HL-003 | E | HL04 is 1 only where a level follows below | Write 0, or add the level that is missing | {guide}, HL04
P837,I837,C277-HL-004 | E | HL04 is 0 only where no level follows below | Write 1 | {guide}, HL04
P837,I837,R835,C277-NPI-001 | E | An NPI has ten digits, the last one a check digit (Luhn over 80840 and the NPI) | Look the NPI up in NPPES | 45 CFR 162.406
P837,I837,C277-DAT-001 | E | The date or time exists and has the form that its qualifier names | Correct the date | {guide}, DTP and DMG
P837,I837,C277-DAT-002 | E | A range ends on or after the day on which it begins | Turn or correct the two dates | {guide}, DTP03
"""
