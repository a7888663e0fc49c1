"""Money: a snapshot, its facts and a price book in; books that balance and a priced plan out. Nothing is read here."""
