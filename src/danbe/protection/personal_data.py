"""What protection holds of persons: people met, their care, what is shared, their rights."""

from danbe.core.processing import Declared, Processing

PEOPLE = (
    "Personnes rencontrées : victimes présumées ou identifiées, migrants vulnérables, témoins",
    "Enfants et leurs tuteurs",
    "Proches, interprètes et témoins du consentement",
)
BASIS = "Protection et assistance des victimes ; loi n° 2013-015 du 21 mai 2013"
ALL_RULES = ("open", "presumed", "not_confirmed", "identified", "child")
SEALING = (
    "contenu scellé (AES-256-GCM), une clé par personne et par catégorie, hors de la base",
    "chaque ouverture est un acte : qui, quand, sur quel fondement, montré à la personne",
    "effacement par destruction de la clé, certifié",
)
WALL = (
    "lu par un autre organisme sur consentement, décision de justice ou urgence seulement, "
    "et dans la limite des accords",
    "retrait du consentement : accès coupé aussitôt",
)

DECLARED = Declared(
    entries=(
        Processing(
            code="identification",
            title="Registre de protection : rencontre et identification",
            purpose="Reconnaître une victime, l’interroger une fois, lui ouvrir ses droits.",
            people=PEOPLE,
            data=(
                "sexe, âge, nationalité, langues, handicap, forme d’exploitation (sans nom)",
                "identité, contact, photographie, récit : scellés",
                "empreintes à clé des noms et du téléphone, pour la recherche",
                "entretiens et décisions d’identification, avec leurs motifs scellés",
            ),
            models=(
                "protection.Event",
                "protection.Household",
                "protection.National",
                "protection.Person",
                "protection.DataKey",
                "protection.Sealed",
                "protection.NameKey",
                "protection.Interview",
                "protection.Decision",
            ),
            verbs=("person.read", "person.open", "interview.read", "interview.open", "event.read"),
            basis=BASIS,
            is_sealed=True,
            has_groups=True,
            retention=ALL_RULES,
            security=SEALING,
        ),
        Processing(
            code="prise_en_charge",
            title="Dossiers de prise en charge",
            purpose="Évaluer les risques et les besoins, aider, suivre, jusqu’à l’autonomie.",
            people=PEOPLE,
            data=(
                "dates, services donnés, objectifs par domaine, suivi, clôture",
                "santé, situation psychosociale, famille, sécurité, école et travail : scellés",
                "avis et plaintes sur l’aide : scellés, hors de portée du poste visé",
            ),
            models=(
                "protection.Case",
                "protection.Assessment",
                "protection.Goal",
                "protection.Service",
                "protection.Task",
                "protection.FollowUp",
                "protection.CaseChange",
                "protection.Feedback",
            ),
            verbs=("case.read", "caseload.read"),
            basis=BASIS,
            is_sealed=True,
            has_groups=True,
            retention=ALL_RULES,
            security=SEALING,
        ),
        Processing(
            code="partage",
            title="Consentements, orientations et consultations",
            purpose="Ne transmettre que ce à quoi la personne a consenti, et pouvoir le prouver.",
            people=PEOPLE,
            data=(
                "réponses de la personne, destinataire, catégories, durée",
                "orientations, réponses, dates",
                "qui a ouvert quoi, quand, sur quel fondement",
            ),
            models=(
                "protection.Ground",
                "protection.Acknowledgement",
                "protection.Referral",
                "protection.Opening",
            ),
            verbs=("consent.read", "referral.read", "opening.read", "ground.review"),
            basis=BASIS,
            is_sealed=True,
            has_groups=True,
            retention=ALL_RULES,
            security=WALL,
        ),
        Processing(
            code="rapprochement",
            title="Rapprochement de dossiers d’une même personne",
            purpose="Compter une personne une fois, ne pas lui faire redire son histoire.",
            people=("Personnes connues de plusieurs organismes",),
            data=("numéro national sans signification", "ce qui concorde, sous forme de codes"),
            models=("protection.Candidate", "protection.LinkDecision"),
            verbs=("link.read", "link.decide"),
            basis=BASIS,
            retention=ALL_RULES,
            security=(
                "comparaison d’empreintes à clé : aucun nom n’est montré à l’autre organisme",
                "décision humaine, réversible",
            ),
        ),
        Processing(
            code="droits",
            title="Droits des personnes : rectification, gel, effacement",
            purpose="Répondre à ce que la personne demande de son dossier.",
            people=PEOPLE,
            data=("demandes, dates, décisions", "motifs : scellés", "certificats d’effacement"),
            models=(
                "protection.LegalHold",
                "protection.Erasure",
                "protection.CorrectionRequest",
            ),
            verbs=("correction.read", "hold.write", "erasure.write"),
            basis="Droits des personnes ; loi n° 2013-015 du 21 mai 2013",
            is_sealed=True,
            retention=ALL_RULES,
            security=("effacement annoncé à deux personnes, trente jours avant",),
        ),
    ),
)
