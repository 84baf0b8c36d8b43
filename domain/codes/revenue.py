"""Groups of revenue codes by their first three digits, in short words of our own, found by number.

The codes and their texts are the NUBC's and licensed; a tenant's own list is not here. What a group is about helps whoever
types a number to see that it is the right one.
"""

GROUPS: dict[str, str] = {
    "002": "Prospective payment (rate code)",
    "010": "All-inclusive rate",
    "011": "Room, one bed",
    "012": "Room, two beds",
    "013": "Room, three or four beds",
    "014": "Room, deluxe",
    "015": "Ward",
    "016": "Other room",
    "017": "Nursery",
    "018": "Leave of absence",
    "019": "Subacute care",
    "020": "Intensive care",
    "021": "Coronary care",
    "022": "Special charges",
    "023": "Added nursing",
    "024": "All-inclusive ancillary",
    "025": "Pharmacy",
    "026": "Infusion",
    "027": "Supplies and devices",
    "028": "Oncology",
    "029": "Equipment",
    "030": "Laboratory",
    "031": "Pathology",
    "032": "X-ray, diagnosis",
    "033": "X-ray, treatment",
    "034": "Nuclear medicine",
    "035": "CT scan",
    "036": "Operating room",
    "037": "Anesthesia",
    "038": "Blood",
    "039": "Blood, handling",
    "040": "Other imaging",
    "041": "Respiratory",
    "042": "Physical therapy",
    "043": "Occupational therapy",
    "044": "Speech therapy",
    "045": "Emergency room",
    "046": "Lung function",
    "047": "Hearing",
    "048": "Heart",
    "049": "Ambulatory surgery",
    "050": "Outpatient services",
    "051": "Clinic visit",
    "052": "Free-standing clinic",
    "053": "Osteopathic",
    "054": "Ambulance",
    "055": "Nursing at home",
    "056": "Social work at home",
    "057": "Aide at home",
    "058": "Other visits at home",
    "059": "Units of home health",
    "060": "Oxygen at home",
    "061": "MR imaging",
    "062": "Supplies, further",
    "063": "Drugs, coded",
    "064": "Infusion at home",
    "065": "Hospice",
    "066": "Respite",
    "067": "Outpatient special residence",
    "068": "Trauma response",
    "070": "Cast room",
    "071": "Recovery room",
    "072": "Labor and delivery",
    "073": "ECG",
    "074": "EEG",
    "075": "Gastrointestinal",
    "076": "Treatment or observation",
    "077": "Prevention",
    "078": "Telemedicine",
    "079": "Lithotripsy",
    "080": "Inpatient dialysis",
    "081": "Organ acquisition",
    "082": "Dialysis, outpatient or at home",
    "083": "Peritoneal dialysis",
    "084": "Peritoneal dialysis, ambulatory",
    "085": "Peritoneal dialysis, cycling",
    "088": "Other dialysis",
    "090": "Behavioral treatment",
    "091": "Behavioral services",
    "092": "Other diagnostics",
    "093": "Day program",
    "094": "Other therapies",
    "096": "Professional fees",
    "097": "Professional fees, further",
    "098": "Professional fees, further",
    "099": "Patient convenience",
    "100": "Behavioral residence",
    "210": "Alternative therapy",
    "310": "Adult care",
}


def words_of(code: str) -> str:
    """What the group of a revenue code is about; "" when it is none that is known."""
    return GROUPS.get(code[:3], "") if len(code) == 4 else ""


def search(number: str, limit: int = 20) -> list[tuple[str, str]]:
    """Revenue codes whose number begins so, with the words of their group. A leading zero may be left out."""
    digits = number.strip()
    if not digits or not (digits.isascii() and digits.isdigit()) or len(digits) > 4:
        return []
    found = _beginning(digits, limit)
    return found or (_beginning(f"0{digits}", limit) if len(digits) < 4 else [])


def _beginning(digits: str, limit: int) -> list[tuple[str, str]]:
    codes = (f"{group}{last}" for group in GROUPS for last in range(10))
    return [(code, GROUPS[code[:3]]) for code in codes if code.startswith(digits)][:limit]
