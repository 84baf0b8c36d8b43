"""The letters to begin with, one for each class, in our own words. A tenant writes its own over them."""

from collections.abc import Mapping

from domain.denials.classes import DenialClass

_OPENING = """{{today}}

{{payer_name}}
Appeals department

- Patient: {{patient_name}}, born {{birth_date}}, member id {{member_id}}
- Our claim number: {{claim_number}}; yours: {{payer_claim_control_number}}
- Date of service: {{service_dates}}
- Billed: {{charge}}; decided on {{decided_on}} with {{codes}}; in dispute: {{amount}}

To whom it may concern,

"""
_CLOSING = """

{{argument}}

Enclosed:

{{attachments}}

Please process the claim again and pay the amount in dispute. Write to us or call {{client_phone}} with any question.

{{client_name}}
NPI {{npi}}, tax id {{tax_id}}
"""
_REASONS: Mapping[DenialClass, str] = {
    DenialClass.REGISTRATION: "our records show that the patient was covered by you on the date of service. Evidence of eligibility is enclosed.",
    DenialClass.AUTHORIZATION: "the services were authorized, or could not wait for an authorization. The authorization or the clinical note that shows the urgency is enclosed.",
    DenialClass.TIMELY_FILING: "the claim reached you within your filing limit. The acceptance that your system sent for it is enclosed as proof of timely filing.",
    DenialClass.DUPLICATE: "the services are not a duplicate: they were rendered separately, as the enclosed note shows.",
    DenialClass.CODING: "the services were coded as they were rendered and documented. The note is enclosed.",
    DenialClass.MEDICAL_NECESSITY: "the services were medically necessary. The enclosed record shows the patient's condition, the treatment tried before, and the reasons for this one.",
    DenialClass.MISSING_INFORMATION: "the information that you asked for is enclosed.",
    DenialClass.COORDINATION: "you are responsible for these services in the order of the patient's coverages. The other payer's decision, where there is one, is enclosed.",
    DenialClass.ENROLMENT: "the provider was enrolled with you on the date of service. The confirmation is enclosed.",
    DenialClass.NON_COVERED: "the services are a covered benefit of the patient's plan for the reasons given below.",
    DenialClass.CONTRACTUAL: "the payment is less than our contract provides for these services. The fee schedule in force on the date of service is enclosed.",
    DenialClass.PATIENT: "the share that was assigned to the patient does not agree with the patient's benefit.",
    DenialClass.OTHER: "we ask you to review the decision on this claim for the reasons given below.",
}

LETTERS: Mapping[DenialClass, str] = {
    klass: f"{_OPENING}We appeal the decision on this claim: {reason}{_CLOSING}"
    for klass, reason in _REASONS.items()
}
