"""Breakdown keys and values in words, for charts and tables. What has no entry is shown as the data spell it."""

from aigc_report.i18n import N_, Texts

KEYS: dict[str, str] = {
    "age": N_("age"),
    "barrier": N_("obstacle"),
    "base": N_("base"),
    "labour_status": N_("labour status"),
    "model": N_("model"),
    "nace": N_("industry"),
    "naics": N_("industry"),
    "protocol": N_("protocol"),
    "purpose": N_("purpose"),
    "reason": N_("reason"),
    "region": N_("region"),
    "route": N_("route"),
    "sector": N_("sector"),
    "sex": N_("sex"),
    "size": N_("size"),
    "state": N_("state"),
    "survey": N_("survey"),
    "tech": N_("technology"),
    "use": N_("use"),
}

VALUES: dict[tuple[str, str], str] = {
    ("size", "10-49"): N_("10–49 employees"),
    ("size", "50-249"): N_("50–249 employees"),
    ("size", "250+"): N_("250+ employees"),
    ("age", "16-24"): N_("aged 16–24"),
    ("purpose", "private"): N_("private life"),
    ("purpose", "work"): N_("work"),
    ("purpose", "education"): N_("education"),
    ("barrier", "expertise"): N_("Lack of expertise"),
    ("barrier", "cost"): N_("Costs too high"),
    ("barrier", "legal_uncertainty"): N_("Legal uncertainty"),
    ("barrier", "data_protection"): N_("Data protection and privacy"),
    ("barrier", "data_availability"): N_("Missing or poor data"),
    ("barrier", "incompatibility"): N_("Does not fit existing systems"),
    ("barrier", "ethics"): N_("Ethical concerns"),
    ("barrier", "not_useful"): N_("Not useful for the firm"),
    ("base", "users"): N_("users"),
    ("base", "all_workers"): N_("all workers"),
    ("reason", "no_need"): N_("No need"),
    ("reason", "no_know_how"): N_("Do not know how"),
    ("reason", "unaware"): N_("Did not know such tools exist"),
    ("reason", "privacy_security"): N_("Privacy or safety concerns"),
    ("reason", "other"): N_("Other reasons"),
    ("tech", "nlg"): N_("Generating text or speech"),
    ("tech", "image_video_audio_generation"): N_("Generating pictures, video or sound"),
    ("tech", "text_mining"): N_("Analysing text"),
    ("tech", "speech_recognition"): N_("Recognising speech"),
    ("tech", "image_recognition"): N_("Recognising images"),
    ("tech", "machine_learning"): N_("Machine learning for data analysis"),
    ("tech", "workflow_automation"): N_("Automating workflows and decisions"),
    ("tech", "autonomous_movement"): N_("Moving machines on their own"),
}

INDUSTRIES: dict[tuple[str, str], str] = {
    ("nace", "C"): N_("Manufacturing"),
    ("nace", "D"): N_("Electricity, gas, steam"),
    ("nace", "E"): N_("Water and waste"),
    ("nace", "F"): N_("Construction"),
    ("nace", "G"): N_("Trade, repair of vehicles"),
    ("nace", "H"): N_("Transport and storage"),
    ("nace", "I"): N_("Accommodation and food"),
    ("nace", "J"): N_("Information and communication"),
    ("nace", "L"): N_("Real estate"),
    ("nace", "M"): N_("Professional, scientific and technical services"),
    ("nace", "N"): N_("Administrative and support services"),
}
"""Industries by their codes in NACE Rev. 2 (European Union); the names are short ones."""

FIRMS: dict[tuple[str, str], str] = {
    ("purpose", "marketing_sales"): N_("Marketing and sales"),
    ("purpose", "administration_management"): N_("Administration and management"),
    ("purpose", "accounting_finance"): N_("Accounting and finance"),
    ("purpose", "production"): N_("Production or services"),
    ("purpose", "ict_security"): N_("Security of information systems"),
    ("purpose", "rd_innovation"): N_("Research and innovation"),
    ("purpose", "logistics"): N_("Logistics"),
    ("route", "commercial_ready"): N_("Bought ready to use"),
    ("route", "commercial_modified"): N_("Bought and adapted by own staff"),
    ("route", "open_source_modified"): N_("Open source, adapted by own staff"),
    ("route", "own_staff"): N_("Developed by own staff"),
    ("route", "external_provider"): N_("Developed or adapted by an outside provider"),
}
"""What firms use AI for, and how they get it: answers in the survey of EU firms."""

FIRM_PURPOSES = tuple(code for key, code in FIRMS if key == "purpose")

VALUES |= INDUSTRIES | FIRMS


def parse(breakdown: str) -> dict[str, str]:
    """``"size=250+;tech=nlg"`` as a dict; empty for a total."""
    return dict(pair.split("=", 1) for pair in breakdown.split(";") if "=" in pair)


def value(t: Texts, key: str, code: str) -> str:
    """One breakdown value in words."""
    return t(VALUES[key, code]) if (key, code) in VALUES else code


def breakdown(t: Texts, text: str) -> str:
    """A whole breakdown in words: ``size: 250 or more employees``; a total is named as such."""
    pairs = parse(text)
    if not pairs:
        return t("total")
    return t.join(
        [t("{key}: {value}", key=t(KEYS[k]) if k in KEYS else k, value=value(t, k, v)) for k, v in pairs.items()]
    )
