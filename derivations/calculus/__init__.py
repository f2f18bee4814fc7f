"""Rules of differentiation and the record of their use; like terms; the judge of printed lines."""
