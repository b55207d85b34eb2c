"""The Linden Practice: its doctors, patients, appointments and repeat prescriptions."""

from django.db import models
from django.db.models import Q


class Doctor(models.Model):
    class Specialty(models.TextChoices):
        GENERAL = "general", "General practice"
        CHILDREN = "children", "Children"
        SKIN = "skin", "Skin"
        PHYSIO = "physio", "Physiotherapy"

    name = models.CharField(max_length=80, unique=True)
    name_zh = models.CharField("name in Chinese", max_length=40)
    specialty = models.CharField(max_length=10, choices=Specialty)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Patient(models.Model):
    number = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField("name in Chinese", max_length=60, blank=True)
    birth_date = models.DateField()
    card = models.CharField("digest of the end of the insurance card", max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^LP-[0-9]{5}$"), name="patient_is_lp_five_digits"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Appointment(models.Model):
    """For a patient, or for somebody who comes for the first time and says name and telephone."""

    number = models.CharField(max_length=9, unique=True)
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    patient = models.ForeignKey(
        Patient, models.CASCADE, null=True, blank=True, related_name="appointments"
    )
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "starts_at"],
                condition=Q(is_cancelled=False),
                name="one_patient_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(patient__isnull=False) | ~Q(phone=""),
                name="a_stranger_can_be_called",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> str:
        return "Cancelled" if self.is_cancelled else "Booked"


class Medicine(models.Model):
    """What a patient takes for long."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="medicines")
    name = models.CharField(max_length=80)
    is_repeatable = models.BooleanField(
        "may be repeated", default=True, help_text="Off: the doctor wants to see the patient first."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "name"], name="a_medicine_once_a_patient")
        ]

    def __str__(self) -> str:
        return self.name


class Refill(models.Model):
    class Status(models.TextChoices):
        ASKED = "asked", "Asked for"
        READY = "ready", "Ready"
        COLLECTED = "collected", "Collected"

    number = models.CharField(max_length=9, unique=True)
    medicine = models.ForeignKey(Medicine, models.CASCADE, related_name="refills")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    at = models.DateTimeField()
    ready_on = models.DateField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["medicine"], condition=Q(status="asked"), name="one_open_refill_a_medicine"
            )
        ]

    def __str__(self) -> str:
        return self.number
