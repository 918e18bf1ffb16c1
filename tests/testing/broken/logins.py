"""Logins that are handled wrongly."""

import os
from dataclasses import replace

from tests.testing.sound import TOKEN, Sound

from multisat.contracts import CredentialStatus


class NoTitle(Sound):
    fails = "check_names_are_well_formed"
    title = ""


class OverlooksItsLogin(Sound):
    fails = "check_a_login_is_found"

    def credentials(self):
        return CredentialStatus(found=False, note="log in")


class NoNextStep(Sound):
    fails = "check_a_missing_login_has_a_next_step"

    def credentials(self):
        return replace(super().credentials(), note="")


class TellsItsLogin(Sound):
    fails = "check_no_secret_is_told"

    def credentials(self):
        found = super().credentials()
        return replace(found, where=f"{found.where}={os.environ.get(TOKEN)}")


class AsksToType(Sound):
    fails = "check_nobody_is_asked_to_type"

    def access(self, asset):
        if not os.environ.get(TOKEN):
            input("Token: ")
        return super().access(asset)
