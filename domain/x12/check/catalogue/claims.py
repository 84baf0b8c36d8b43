"""Rules across the segments of professional and institutional claims (P837, I837)."""

RULES = """
P837,I837-DAT-003 | E | A service is not before the patient's birth | Correct the service date or the birth date | {guide}, DTP*472 and DMG02
P837,I837-DAT-004 | W | A service is not after the day on which the file was made | Correct the service date | {guide}, DTP*472 and BHT04
P837,I837-DAT-005 | E | A birth date is not after the day on which the file was made | Correct the birth date | {guide}, DMG02
P837,I837-SUB-001 | E | A subscriber who is the patient has birth date and sex | Add DMG to loop 2010BA | {guide}, 2010BA DMG
P837,I837-SUB-002 | E | A subscriber who is the patient has an address | Add N3 and N4 to loop 2010BA | {guide}, 2010BA N3 and N4
P837,I837-SUB-003 | E | No patient level stands under a subscriber who is the patient | Remove loop 2000C, or leave SBR02 empty | {guide}, SBR02
P837,I837-SUB-004 | E | A claim directly under the subscriber means that the subscriber is the patient | Write 18 into SBR02, or add loop 2000C | {guide}, SBR02
P837,I837-SUB-005 | E | A subscriber who is not the patient has a patient level | Add loop 2000C, or write 18 into SBR02 | {guide}, 2000C
P837,I837-BIL-001 | W | The billing provider's tax number has nine digits | Write it without its hyphen | {guide}, 2010AA REF
P837,I837-BIL-002 | W | The billing provider's ZIP code has nine digits | Add the four digits of ZIP+4 | {guide}, 2010AA N403
P837,I837-BIL-003 | W | The billing provider's address is a street address | Put the post-office box into loop 2010AB | {guide}, 2010AA N3
P837,I837-PRV-001 | E | A taxonomy code has ten characters | Look the code up in the taxonomy list | {guide}, PRV03
P837,I837-ADR-001 | W | A state is one of the postal service's | Correct the state, or add the country | {guide}, N402
P837,I837-ADR-002 | W | A ZIP code has five or nine digits | Correct the ZIP code, or add the country | {guide}, N403
P837,I837-CLM-001 | E | CLM02 is the exact sum of the lines | Correct the total or the line that is wrong | {guide}, CLM02
P837,I837-CLM-002 | E | A replacement or void names the payer's claim control number | Add REF*F8 with CLP07 of the remittance or REF*1K of the 277CA | {guide}, 2300 REF*F8
P837,I837-CLM-003 | E | An original claim names no earlier one | Leave REF*F8 out, or send the claim as a replacement | X12 RFI 1538, 2110
P837-CLM-004 | W | A professional claim has frequency 1, 7 or 8 | Correct CLM05-3 | {guide}, CLM05-3
P837,I837-CLM-005 | W | A claim number is used once in a file | Give each submission a number of its own | {guide}, CLM01
P837-CLM-006 | E | An automobile accident has its state | Add CLM11-4 | {guide}, CLM11
P837,I837-CLM-007 | W | A transaction set holds at most 5,000 claims | Begin another set | {guide}, section 1.3.2
P837,I837-CLM-008 | W | A claim number has at most 20 characters | Shorten it: what is longer may come back cut off | {guide}, CLM01
P837,I837-CLM-009 | E | A charge is not negative | Void the earlier claim instead | {guide}, CLM02
P837-CLM-010 | E | An accident has its date | Add DTP*439 | {guide}, 2300 DTP*439
P837-CLM-011 | W | An ambulance claim (place 41 or 42) says where it picked up and dropped off | Add loops 2310E and 2310F | {guide}, 2310E and 2310F
P837-CLM-012 | W | The place of service is one of CMS's | Correct CLM05-1 or SV105 | CMS place of service code set
I837-CLM-013 | W | An inpatient claim has its admission date | Add DTP*435 | {guide}, 2300 DTP*435
I837-CLM-014 | W | An institutional claim has its attending provider | Add loop 2310A | {guide}, 2310A
I837-CLM-015 | W | Lines lie within the statement dates | Correct the line or DTP*434 | {guide}, DTP*434 and DTP*472
P837,I837-DX-001 | E | A diagnosis is written without its point | Remove the point | {guide}, HI
P837,I837-DX-002 | E | Services from 1 October 2015 are coded in ICD-10 | Code the diagnosis in ICD-10-CM and send ABK, ABF | 45 CFR 162.1002
P837,I837-DX-003 | W | A diagnosis stands once | Remove the second one | {guide}, HI
P837,I837-DX-004 | E | A qualifier of ICD-10 goes with a code of ICD-10's form | Correct the qualifier or the code | {guide}, HI01-1
P837,I837-DX-005 | E | A qualifier of ICD-9 goes with a code of ICD-9's form | Correct the qualifier or the code | {guide}, HI01-1
P837,I837-DX-006 | E | A claim is coded in ICD-9 or in ICD-10, never in both | Code every diagnosis in one edition | {guide}, HI
P837,I837-LIN-001 | E | LX01 counts the lines of the claim from 1 | Number the lines one after another | {guide}, LX01
P837-LIN-002 | E | A line points to diagnoses of its claim | Correct the pointer, or add the diagnosis | {guide}, SV107
P837,I837-LIN-003 | E | A line's charge is not negative | Leave the line out, or correct its charge | {guide}, line charge
P837-LIN-004 | W | A line points to a diagnosis once | Remove the second pointer | {guide}, SV107
P837,I837-LIN-005 | E | A line's control number is used once in its claim | Give every line a number of its own: the remittance refers to it | {guide}, REF*6R
P837,I837-LIN-006 | E | Units are more than nothing | Correct the units | {guide}, service units
P837,I837-LIN-007 | E | A HCPCS or CPT code has five capital letters or digits | Correct the code | {guide}, procedure code
P837,I837-LIN-008 | W | A modifier stands once on a line | Remove the second one | {guide}, modifiers
P837,I837-LIN-009 | E | A modifier has two capital letters or digits | Correct the modifier | {guide}, modifiers
P837,I837-LIN-010 | E | A drug is named by an NDC of eleven digits | Write the NDC in its 5-4-2 form without hyphens | {guide}, LIN03
I837-LIN-011 | E | A revenue code has four digits | Write the code with its leading zero | {guide}, SV201
P837,I837-COB-001 | E | A line's charge is what the other payer paid and adjusted | Correct SVD02 or CAS from that payer's remittance | {guide}, section 1.4.1.2
P837,I837-COB-002 | E | The claim's charge is what the other payer paid and adjusted | Correct AMT*D or CAS from that payer's remittance | {guide}, section 1.4.1.2
P837,I837-COB-003 | E | SVD01 names a payer of loop 2330B | Write the id of that payer's NM109 | {guide}, SVD01
P837,I837-COB-004 | E | A payer that decided says what it paid, also when it is nothing | Add AMT*D | {guide}, 2320 AMT*D
P837,I837-COB-005 | W | A payer's decision has its date | Add DTP*573 to loop 2330B or to each 2430 | {guide}, DTP*573
P837,I837-COB-006 | W | What the patient still owes stands at the claim or at the lines | Remove one of them | X12 RFI 1391, 1517
P837-COB-007 | W | Medicare as a later payer says why another comes first | Fill SBR05 | {guide}, SBR05
P837,I837-COB-008 | E | Every payer of a claim has its own place in the order (SBR01), U apart | Correct SBR01 | {guide}, SBR01
P837,I837-COB-009 | W | A claim to a later payer names the ones before | Add loop 2320 for each earlier payer | {guide}, 2320
P837,I837-COB-010 | W | Two other payers of a claim have different ids | Correct NM109 of loop 2330B | {guide}, 2330B NM109
"""
