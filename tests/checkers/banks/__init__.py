"""The banks that prove the judge: mutants that it must refuse, rewrites that it must accept, and who decides which is which.

`independent` evaluates written forms without anything of the judge's own; `differences` says with it whether two of them
are different or equal; `identities` are the expressions to start from; `mutations` and `rewrites` change them; `trials`
puts one to the judge.
"""
