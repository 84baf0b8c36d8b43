"""Our own short words for code values, by segment and element. Licensed lists (CPT, CARC, RARC, NUBC, NUCC) are not here."""


def _read(text: str) -> dict[str, str]:
    pairs = (part.split("=", 1) for part in text.replace("\n", ";").split(";") if part.strip())
    return {code.strip(): words.strip() for code, words in pairs}


_ENTITIES = _read("""
41=submitter;40=receiver;85=billing provider;87=pay-to address;PE=payee;IL=insured or subscriber;PR=payer;QC=patient
82=rendering provider;DN=referring provider;P3=primary care provider;77=service facility;DQ=supervising provider
DK=ordering provider;QB=purchased service provider;71=attending provider;72=operating physician
ZZ=other operating physician;PW=ambulance pick-up;45=ambulance drop-off;74=corrected patient or insured
TT=next payer (crossover);GB=other insured;AY=clearinghouse;1P=provider;36=employer;03=dependent
""")
_ID_KINDS = _read(
    """
XX=NPI;MI=member id;PI=payer id;XV=CMS plan id;46=EDI id;FI=federal tax number;EI=employer number;SY=social security
number;II=unique patient id;24=employer number;34=social security number;HN=Medicare id;MR=Medicaid id;SV=payer's provider
number;BD=Blue Cross number;BS=Blue Shield number;MC=Medicaid provider number;PC=provider number;SL=state licence;UP=UPIN
C=changed id;AD=Blue Cross plan code;NI=NAIC number;PP=pharmacy number
""".replace("security\nnumber", "security number").replace("provider\nnumber", "provider number")
)
_ORDER = _read("P=primary;S=secondary;T=tertiary;U=unknown;A=payer 4;B=payer 5;C=payer 6;D=payer 7;E=payer 8;F=payer 9;"
               "G=payer 10;H=payer 11")  # fmt: skip
_KIN = _read(
    "18=self;01=spouse;19=child;20=employee;21=unknown;39=organ donor;40=cadaver donor;53=life partner;G8=other"
)
_FILING = _read("""
11=other non-federal;12=PPO;13=POS;14=EPO;15=indemnity;16=Medicare HMO;17=dental maintenance;AM=automobile medical
BL=Blue Cross Blue Shield;CH=Champus;CI=commercial;DS=disability;FI=federal employees;HM=HMO;LM=liability medical
MA=Medicare Part A;MB=Medicare Part B;MC=Medicaid;OF=other federal;TV=Title V;VA=Veterans Affairs;WC=workers' compensation
ZZ=mutually defined
""")
_REFERENCES = _read("""
EI=employer number;SY=social security number;0B=state licence;1G=UPIN;G2=payer's provider number;LU=location number
F8=payer claim control number;G1=prior authorisation;9F=referral number;6R=line item control number;D9=clearinghouse number
EA=medical record number;X4=CLIA number;4N=authorisation exception;EW=mammography certificate;LX=device exemption
P4=demonstration project;1J=care plan oversight;9A=repriced claim number;9C=adjusted repriced number;F5=Medicare crossover
Y4=property claim number;2U=payer id;FY=claim office;NF=NAIC number;EV=receiver id;F2=version;TJ=federal tax number
PQ=payee number;1K=payer claim control number;BLT=bill type;FJ=line item control number;XZ=prescription number;1L=group number
CE=class of contract;IG=policy number;1W=member id;28=employee number;6P=group number;BB=authorisation;0K=policy form
LU=location;1S=ambulatory group;APC=ambulatory payment group;RB=rate code;E9=attachment;G3=predetermination;HPI=NPI
T4=claim adjustment indicator;9B=repriced line;9D=adjusted repriced line;BT=batch number;F4=referring CLIA number
1A=Blue Cross number;1B=Blue Shield number;1C=Medicare number;1D=Medicaid number;1H=Champus number;D3=pharmacy number
EO=submitter id;HI=health industry number;G4=peer review number
""")
_DATES = _read("""
472=service;431=onset;454=initial treatment;304=last seen;453=acute manifestation;439=accident;484=last menstrual period
455=last X-ray;471=prescription;314=disability;360=disability begins;361=disability ends;297=last worked
296=return to work;435=admission;096=discharge;090=care assumed;091=care relinquished;444=first contact
050=received;434=statement;573=paid by the other payer;232=claim begins;233=claim ends;036=coverage ends;405=produced
150=service begins;151=service ends;009=processed;607=recertified;463=therapy begins;461=last certified;738=test
739=test;011=shipped
""")
_AMOUNTS = _read("""
D=paid by the other payer;EAF=patient still owes;A8=not covered;F5=paid by the patient;F3=patient's estimated share
AU=covered;B6=allowed;I=interest;D8=discount;DY=per day limit;NL=negative ledger balance;T=tax;T2=total before taxes
KH=deduction;YU=accepted;YY=rejected;F4=postage;GT=goods tax;N8=tax;ZK=federal limit 1;ZL=federal limit 2;ZM=federal limit 3
ZN=federal limit 4;ZO=federal limit 5
""")
_CATEGORIES = _read("""
A0=forwarded;A1=received, not yet accepted;A2=accepted into adjudication;A3=returned, cannot be processed;A4=not found
A5=split;A6=rejected, missing information;A7=rejected, invalid information;A8=rejected, relations of fields are wrong
""")
_PLB = _read("""
50=late charge;51=interest penalty;72=authorised return;90=early payment allowance;AH=origination fee;AM=applied to a loan
AP=acceleration;B2=rebate;B3=recovery allowance;BD=bad debt;BN=bonus;C5=temporary allowance;CR=capitation interest
CS=adjustment;CT=capitation payment;CV=capital pass-through;CW=registered nurse anaesthetist;DM=direct medical education
E3=withholding;FB=balance carried forward;FC=fund allocation;GO=graduate medical education;HM=haemophilia
IP=incentive premium;IR=internal revenue withholding;IS=interim settlement;J1=non-reimbursable;L3=penalty;L6=interest owed
LE=levy;LS=lump sum;OA=organ acquisition;OB=offset for affiliates;PI=periodic interim payment;PL=payment made
RA=retroactive adjustment;RE=return on equity;SL=student loan;TL=third-party liability;WO=overpayment recovered
WU=unspecified recovery
""")
_SEGMENT_FAULTS = _read("""
1=unknown segment;2=unexpected segment;3=required segment missing;4=loop too often;5=segment too often
6=segment not of this set;7=wrong order;8=faulty elements;I4=not used by the guide;I6=missing by the guide
I7=loop too seldom;I8=faulty by the guide;I9=missing by a situation
""")
_ELEMENT_FAULTS = _read("""
1=required element missing;2=conditional element missing;3=too many elements;4=too short;5=too long;6=invalid character
7=invalid code;8=invalid date;9=invalid time;10=exclusion violated;11=too many repetitions;12=too many components
13=too many components;I6=invalid code by the guide;I9=missing by a situation;I10=not used by the guide
I11=too seldom by the guide;I12=wrong pattern;I13=missing by a situation
""")
_VERDICTS = _read("A=accepted;E=accepted with errors;P=partly accepted;R=rejected;M=rejected, authentication;"
                  "W=rejected, assurance;X=rejected, not decrypted")  # fmt: skip
_CLP = _read("""
1=processed as primary;2=processed as secondary;3=processed as tertiary;4=denied, patient unknown
19=processed as primary, forwarded;20=processed as secondary, forwarded;21=processed as tertiary, forwarded
22=reversal of an earlier payment;23=not our claim, forwarded;25=predetermination, no payment
""")
_HI = _read(
    """
ABK=principal diagnosis;ABF=diagnosis;BK=principal diagnosis (ICD-9);BF=diagnosis (ICD-9);ABJ=admitting diagnosis
BJ=admitting diagnosis (ICD-9);APR=reason for visit;PR=reason for visit (ICD-9);ABN=external cause;DR=DRG;BBR=principal
procedure;BBQ=procedure;BI=occurrence span;BH=occurrence;BE=value;BG=condition;TC=treatment code;BP=anaesthesia procedure
BO=anaesthesia procedure;BR=principal procedure (ICD-9);BQ=procedure (ICD-9);BN=external cause (ICD-9)
""".replace("principal\nprocedure", "principal procedure")
)
_YES_NO = _read("Y=yes;N=no;W=not applicable;I=informed consent;U=unknown")
_PROCEDURES = _read("HC=HCPCS;ER=jurisdiction;IV=home infusion;WK=alternative;HP=HIPPS;AD=dental;NU=revenue code;N4=NDC;"
                    "UI=UPC;N6=health item")  # fmt: skip
HL_LEVELS = _read("20=information source or billing provider;21=information receiver;22=subscriber;23=patient;"
                  "19=provider;PT=patient")  # fmt: skip
DIAGNOSIS_KINDS = _HI

CODE_WORDS: dict[tuple[str, int], dict[str, str]] = {
    ("ISA", 5): _read("ZZ=mutually defined;30=tax number;01=Duns;27=Medicare carrier;28=Medicare intermediary;33=NAIC;"
                      "14=Duns plus;20=HIN;29=Medicare provider"),
    ("ISA", 14): _read("0=no;1=yes"), ("ISA", 15): _read("P=production;T=test"),
    ("GS", 1): _read("HC=claims;HP=remittance;HN=claim status;FA=acknowledgment;BE=enrolment"),
    ("ST", 1): _read("837=claims;835=remittance;277=claim acknowledgment;999=acknowledgment;997=acknowledgment"),
    ("TA1", 4): _VERDICTS, ("BHT", 2): _read("00=original;18=sent again;08=status"),
    ("BHT", 6): _read("CH=chargeable;RP=reporting;31=subrogation demand;TH=acknowledgment"),
    ("HL", 3): HL_LEVELS, ("HL", 4): _read("0=none;1=follow"),
    ("NM1", 1): _ENTITIES, ("NM1", 2): _read("1=person;2=organisation"), ("NM1", 8): _ID_KINDS,
    ("N1", 1): _ENTITIES, ("N1", 3): _ID_KINDS,
    ("PER", 3): _read("TE=telephone;FX=fax;EM=e-mail;EX=extension;UR=web;ED=EDI"),
    ("PER", 5): _read("TE=telephone;FX=fax;EM=e-mail;EX=extension;UR=web;ED=EDI"),
    ("PER", 1): _read("IC=contact;CX=claims office;BL=technical"),
    ("REF", 1): _REFERENCES, ("PRV", 1): _read("BI=billing;PE=performing;AT=attending;PT=pay-to"),
    ("SBR", 1): _ORDER, ("SBR", 2): _KIN, ("SBR", 9): _FILING, ("PAT", 1): _KIN,
    ("DMG", 3): _read("F=female;M=male;U=unknown"), ("DTP", 1): _DATES, ("DTM", 1): _DATES,
    ("CLM", 6): _YES_NO, ("CLM", 7): _read("A=accepted;B=laboratory only;C=not accepted"), ("CLM", 8): _YES_NO,
    ("CLM", 9): _YES_NO, ("CLM", 10): _read("P=signed by the provider"),
    ("AMT", 1): _AMOUNTS, ("QTY", 1): _read("90=accepted;AA=rejected;QA=accepted;QC=rejected;CA=covered;PT=patients"),
    ("NTE", 1): _read("ADD=additional;CER=certification;DCP=goals;DGN=diagnosis;TPO=third party"),
    ("SV1", 3): _read("UN=units;MJ=minutes"), ("SV2", 4): _read("UN=units;DA=days"),
    ("CAS", 1): _read("CO=contract;OA=other;PI=payer's initiative;PR=patient's share"),
    ("OI", 3): _YES_NO, ("OI", 6): _YES_NO, ("LQ", 1): _read("HE=remark code;RX=pharmacy remark"),
    ("BPR", 1): _read("I=remittance with payment;H=notice only;C=payment with remittance;D=payment alone;U=split;X=remittance"
                      " with both;P=prenotification"),
    ("BPR", 3): _read("C=credit;D=debit"),
    ("BPR", 4): _read("ACH=bank transfer;CHK=cheque;NON=no payment;FWT=wire;BOP=payer's choice"),
    ("TRN", 1): _read("1=of this transaction;2=referred to"), ("CLP", 2): _CLP, ("CLP", 6): _FILING,
    ("PLB", 3): _PLB, ("PLB", 5): _PLB, ("PLB", 7): _PLB, ("PLB", 9): _PLB, ("PLB", 11): _PLB, ("PLB", 13): _PLB,
    ("STC", 1): _CATEGORIES, ("STC", 10): _CATEGORIES, ("STC", 11): _CATEGORIES,
    ("STC", 3): _read("WQ=accepted;U=rejected"), ("AK1", 1): _read("HC=claims;HP=remittance;HN=claim status"),
    ("IK3", 4): _SEGMENT_FAULTS, ("IK4", 3): _ELEMENT_FAULTS, ("IK5", 1): _VERDICTS, ("AK9", 1): _VERDICTS,
    ("SV1", 1): _PROCEDURES, ("SV2", 2): _PROCEDURES, ("SVC", 1): _PROCEDURES, ("SVD", 3): _PROCEDURES,
    ("SVC", 6): _PROCEDURES,
}  # fmt: skip
COMPONENT_WORDS: dict[tuple[str, int, int], dict[str, str]] = {
    ("CLM", 5, 3): _read("1=original;7=replacement;8=void;2=interim, first;3=interim;4=interim, last"),
    ("CLM", 5, 2): _read("B=place of service;A=bill type"),
    ("CLM", 11, 1): _read("AA=automobile accident;EM=employment;OA=other accident"),
    ("STC", 1, 3): _ENTITIES,
}  # fmt: skip
