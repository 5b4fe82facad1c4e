"""The walk over all screens on a phone: who walks (people.py), what is looked at on
each screen (look.py), and the way from screen to screen (walk.py).

`tests/release/test_phone_walk.py` walks over every menu once;
`tests/release/test_every_screen.py` over every menu of everybody, with pictures.
"""
