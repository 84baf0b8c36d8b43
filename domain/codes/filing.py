"""Codes of the 837P's subscriber loops: kind of payer, relationship, order of payers, cause of accident."""

# SBR09, X222A1 2000B.
CLAIM_FILING_CODES: dict[str, str] = {
    "11": "Other non-federal program",
    "12": "PPO",
    "13": "Point of service",
    "14": "EPO",
    "15": "Indemnity",
    "16": "Medicare Advantage HMO",
    "17": "Dental HMO",
    "AM": "Automobile medical",
    "BL": "Blue Cross or Blue Shield",
    "CH": "TRICARE",
    "CI": "Commercial",
    "DS": "Disability",
    "FI": "Federal employees",
    "HM": "HMO",
    "LM": "Liability",
    "MA": "Medicare Part A",
    "MB": "Medicare Part B",
    "MC": "Medicaid",
    "OF": "Other federal program",
    "TV": "Title V",
    "VA": "Veterans Affairs",
    "WC": "Workers' compensation",
    "ZZ": "Not known",
}

# SBR02 = 18 and PAT01, X222A1 2000B and 2000C.
RELATIONSHIPS: dict[str, str] = {
    "18": "Self",
    "01": "Spouse",
    "19": "Child",
    "20": "Employee",
    "21": "Unknown",
    "39": "Organ donor",
    "40": "Cadaver donor",
    "53": "Life partner",
    "G8": "Other",
}

# SBR01, as far as the product bills.
PAYER_ORDERS: dict[str, str] = {"P": "Primary", "S": "Secondary", "T": "Tertiary"}

# CLM11.
ACCIDENT_CAUSES: dict[str, str] = {"AA": "Automobile", "EM": "Employment", "OA": "Other accident"}

# CLM05-3, as far as the product bills.
FREQUENCIES: dict[str, str] = {"1": "Original", "7": "Replacement", "8": "Void"}

# CLM09: consent signed or informed; nothing else may be sent.
RELEASES: dict[str, str] = {"Y": "Signed statement on file", "I": "Informed consent"}

# DMG03.
SEXES: dict[str, str] = {"F": "Female", "M": "Male", "U": "Unknown"}
