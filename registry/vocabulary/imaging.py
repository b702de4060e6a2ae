"""Words about the images a model or guide is made from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Modality(models.TextChoices):
    """DICOM modality codes (CID 29). Cone-beam CT is `CT`."""

    CT = "CT", _("CT")
    MR = "MR", _("MR")
    US = "US", _("Ultrasound")
    XA = "XA", _("X-ray angiography")
    PT = "PT", _("PET")
    NM = "NM", _("Nuclear medicine")
    CR = "CR", _("Computed radiography")
    DX = "DX", _("Digital radiography")
    IVUS = "IVUS", _("Intravascular ultrasound")
    IVOCT = "IVOCT", _("Intravascular optical coherence tomography")
    OCT = "OCT", _("Optical coherence tomography")
    LS = "LS", _("Laser surface scan")
    OSS = "OSS", _("Optical surface scanner")
    IO = "IO", _("Intra-oral radiography")
    PX = "PX", _("Panoramic X-ray")
    XC = "XC", _("Photography")
