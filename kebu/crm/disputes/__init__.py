"""disputes 撞单: two people after one customer, and who settles it.

Owns what somebody may learn of a customer he does not see (that it exists, and by the office's switch whose
it is), the count of such answers, and the requests that follow: to co-operate, or to contest. A third person
decides; assignment or share is carried out with the decision. It never shows values of a hidden customer.
"""
