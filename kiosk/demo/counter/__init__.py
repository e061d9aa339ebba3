"""The demo's counter: parcels on their way, people with badges, drivers; by hand or by script."""
