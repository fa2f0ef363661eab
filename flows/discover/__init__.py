"""From a source to the pages it lists: feeds, sitemaps, sections of a site, lists of addresses."""
