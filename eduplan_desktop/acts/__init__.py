"""Acts of a user, composed from store, bundle, merge, county, exchange and reports; the facade calls them."""
