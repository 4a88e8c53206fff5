"""The ground that understanding and catalog share: words, numbers, money, units, dates."""
