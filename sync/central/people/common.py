"""Passwords that guessers try first, lower-case, without look-alikes: whole ones that are long
enough to pass for good ones, and the words that shorter ones are made of. Digits and signs around
a word are taken off before it is looked up (sync.central.people.passwords).
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
password passwort motdepasse contrasena parola senha wachtwoord geheim secret letmein
welcome welcometothe bienvenue bienvenido willkommen hello hallo changeme changemenow
administrator administrateur administrador admin adminadmin root rootroot superuser
master master password passwordpassword iloveyou iloveyouforever tequiero teamomucho
ichliebedich monkey dragon football baseball basketball superman batman starwars
princess sunshine shadow charlie michael jennifer jordan liverpool manchester barcelona
arsenal chelsea whatever trustno one trustnoone nothing internet computer samsung
summer winter spring autumn sommer winter fruehling herbst monday january december
company business office backoffice returns retouren retoure kiosk shop store warehouse
correcthorsebatterystaple correct horse battery staple thisisapassword mypassword
mypasswordis passw word login loginlogin default guest guestguest user useruser test
testtest testing temp temporary temppassword newpassword password new oldpassword
qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm
qazwsxedc qazwsx zaqwsx onetwothreefour abcdefgh
"""

_WHOLE = (
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u",
    "1q2w3e4r5t6y7u8i",
    "q1w2e3r4t5y6",
    "q1w2e3r4t5y6u7i8",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "qwerty123456",
    "qwertyqwerty",
    "asdfasdfasdf",
    "123qweasdzxc",
    "qweasdzxc123",
    "abc123abc123",
    "a1b2c3d4e5f6",
    "correct horse battery staple",
    "the quick brown fox",
    "thequickbrownfox",
    "open sesame",
    "let me in please",
)

COMMON: Final = frozenset((*_WORDS.split(), *_WHOLE))
