-- TDMRep's header, kept with the page so that it is told again when the page is extracted anew.
ALTER TABLE pages ADD COLUMN tdm_reservation TEXT;
