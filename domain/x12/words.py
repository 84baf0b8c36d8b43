"""Our own short words for loops, segments and elements, for people who read X12 without a guide."""

# id | title | elements in order ("" none to tell); composites give the words of their components joined by "+".
_SEGMENTS = """
ISA|Interchange begins|authorisation type,authorisation,security type,security,sender id type,sender,receiver id type,receiver,date,time,repetition separator,version,control number,acknowledgment wanted,usage,component separator
IEA|Interchange ends|groups,control number
GS|Group begins|content,sender,receiver,date,time,control number,standard,guide
GE|Group ends|transaction sets,control number
ST|Transaction set begins|transaction,control number,guide
SE|Transaction set ends|segments,control number
TA1|Interchange acknowledged|interchange control number,date,time,verdict,note
BHT|Beginning of the hierarchy|structure,purpose,reference,date,time,kind
HL|Level|number,parent,level,levels below
NM1|Name|who,person or organisation,last name or organisation,first name,middle name,prefix,suffix,id type,id,relationship,who else,further name
N1|Party|who,name,id type,id
N2|Further name|name,name
N3|Street address|line 1,line 2
N4|City|city,state,ZIP code,country,,,country subdivision
PER|Contact|role,name,by,number,by,number,by,number
REF|Reference|kind,value,description,linked reference
PRV|Provider specialty|role,code list,taxonomy code
CUR|Currency|whose,currency
SBR|Subscriber and coverage|payer order,relationship to the patient,group or policy number,group name,insurance type,,,,claim filing
PAT|Patient|relationship to the subscriber,,,,date form,date of death,unit,weight,pregnant
DMG|Birth and sex|date form,birth date,sex
DTP|Date|what,form,date
DTM|Date|what,date,time
CLM|Claim|claim number,total charge,,,place of service+code list+frequency,provider signature,accepts assignment,benefits assigned,release of information,patient signature,related cause+cause+cause+state+country,special programme,,,,,,,,delay reason
CL1|Hospital claim codes|admission type,admission source,patient status
CN1|Contract|type,amount,percent,code,terms,version
AMT|Amount|what,amount
QTY|Quantity|what,quantity
HI|Diagnoses and other codes|
HCP|Pricing|method,allowed amount,saving
NTE|Note|kind,text
K3|File information|text
PWK|Attachment|kind,how it is sent,,,id type,attachment number
CRC|Conditions|category,applies,condition,condition,condition,condition,condition
CR1|Ambulance transport|unit,weight,code,reason,unit,distance
CR2|Spinal treatment|
CR3|Equipment certification|kind,unit,duration
LX|Line|number
SV1|Professional service|code list+procedure+modifier+modifier+modifier+modifier,charge,unit,units,place of service,,diagnosis pointer+pointer+pointer+pointer,,emergency,,EPSDT,family planning
SV2|Institutional service|revenue code,code list+procedure+modifier+modifier+modifier+modifier,charge,unit,units
SV5|Equipment service|code list+procedure,unit,units,rental price,purchase price,rental period
SVD|Other payer's decision on the line|payer id,paid,code list+procedure+modifier+modifier+modifier+modifier,,units
CAS|Adjustment|group,reason,amount,units,reason,amount,units,reason,amount,units,reason,amount,units,reason,amount,units,reason,amount,units
OI|Other insurance|,,benefits assigned,patient signature,,release of information
MIA|Inpatient decision|covered days,,,amount
MOA|Outpatient decision|rate,amount,remark,remark,remark,remark,remark
LIN|Drug|,code list,drug code
CTP|Drug quantity|,,,quantity,unit
MEA|Measurement|what,kind,value
PS1|Purchased service|provider id,charge
LQ|Code|code list,code
FRM|Form answer|question,answer
BPR|Payment|handling,amount,credit or debit,method,format,payer's bank id type,payer's bank,account type,payer's account,payer id,further id,payee's bank id type,payee's bank,account type,payee's account,payment date
TRN|Trace|kind,number,originator,further id
RDM|How the advice is delivered|by,name,address
TS3|Provider summary|provider,facility type,fiscal period ends,claims,charges
TS2|Provider supplement|
CLP|Claim payment|claim number,status,charge,paid,patient's share,claim filing,payer claim control number,facility type,frequency,,DRG
SVC|Service payment|code list+procedure+modifier+modifier+modifier+modifier,charge,paid,revenue code,units paid,code list+procedure submitted,units submitted
PLB|Provider adjustment|provider,fiscal period ends,reason+reference,amount,reason+reference,amount,reason+reference,amount,reason+reference,amount,reason+reference,amount,reason+reference,amount
STC|Status|category+status+whose,date,action,amount,,,,,,category+status+whose,category+status+whose,message
AK1|Answer to a group|content,group control number,guide
AK2|Answer to a transaction set|transaction,control number,guide
IK3|Fault in a segment|segment,position in the set,loop,fault
IK4|Fault in an element|element+component+repetition,element reference,fault,bad value
CTX|Context|context+value,segment,position,loop,element+component
IK5|Verdict on the set|verdict,reason,reason,reason,reason,reason
AK9|Verdict on the group|verdict,sets in the group,sets received,sets accepted,reason,reason,reason,reason,reason
"""

SEGMENT_TITLES: dict[str, str] = {}
ELEMENT_WORDS: dict[str, tuple[str, ...]] = {}
for _line in _SEGMENTS.strip().split("\n"):
    _id, _title, _words = _line.split("|")
    SEGMENT_TITLES[_id] = _title
    ELEMENT_WORDS[_id] = tuple(_words.split(","))

_PROFESSIONAL_LOOPS = {
    "1000A": "Submitter", "1000B": "Receiver", "2000A": "Billing provider level", "2010AA": "Billing provider",
    "2010AB": "Pay-to address", "2010AC": "Pay-to plan", "2000B": "Subscriber level", "2010BA": "Subscriber",
    "2010BB": "Payer", "2000C": "Patient level", "2010CA": "Patient", "2300": "Claim",
    "2310A": "Referring provider", "2310B": "Rendering provider", "2310C": "Service facility",
    "2310D": "Supervising provider", "2310E": "Ambulance pick-up", "2310F": "Ambulance drop-off",
    "2320": "Other coverage", "2330A": "Other subscriber", "2330B": "Other payer", "2330C": "Other payer's referring provider",
    "2330D": "Other payer's rendering provider", "2330E": "Other payer's facility",
    "2330F": "Other payer's supervising provider", "2330G": "Other payer's billing provider", "2400": "Service line",
    "2410": "Drug", "2420A": "Rendering provider of the line", "2420B": "Purchased service provider",
    "2420C": "Service facility of the line", "2420D": "Supervising provider of the line", "2420E": "Ordering provider",
    "2420F": "Referring provider of the line", "2420G": "Ambulance pick-up", "2420H": "Ambulance drop-off",
    "2430": "Other payer's decision", "2440": "Form",
}  # fmt: skip
_INSTITUTIONAL_LOOPS = _PROFESSIONAL_LOOPS | {
    "2310A": "Attending provider", "2310B": "Operating physician", "2310C": "Other operating physician",
    "2310D": "Rendering provider", "2310E": "Service facility", "2310F": "Referring provider",
    "2330C": "Other payer's attending provider", "2330D": "Other payer's operating physician",
    "2330E": "Other payer's other operating physician", "2330F": "Other payer's facility",
    "2330G": "Other payer's rendering provider", "2330H": "Other payer's referring provider",
    "2330I": "Other payer's billing provider", "2420A": "Operating physician of the line",
    "2420B": "Other operating physician of the line", "2420C": "Rendering provider of the line",
    "2420D": "Referring provider of the line",
}  # fmt: skip
LOOP_TITLES: dict[str, dict[str, str]] = {
    "P837": _PROFESSIONAL_LOOPS,
    "I837": _INSTITUTIONAL_LOOPS,
    "R835": {
        "1000A": "Payer", "1000B": "Payee", "2000": "Group of claims", "2100": "Claim payment", "2110": "Service payment",
    },
    "C277": {
        "2000A": "Sender of this answer", "2100A": "Sender", "2200A": "Receipt", "2000B": "Receiver of this answer",
        "2100B": "Receiver", "2200B": "Verdict on the batch", "2000C": "Provider level", "2100C": "Billing provider",
        "2200C": "Verdict on the provider", "2000D": "Patient level", "2100D": "Patient",
        "2200D": "Verdict on the claim", "2220D": "Verdict on the line",
    },
    "A999": {"2000": "Transaction set answered", "2100": "Fault in a segment", "2110": "Fault in an element"},
}  # fmt: skip

GUIDE_TITLES = {
    "P837": "Professional claims (837P)",
    "I837": "Institutional claims (837I)",
    "R835": "Remittance advice (835)",
    "C277": "Claim acknowledgment (277CA)",
    "A999": "Implementation acknowledgment (999)",
}
