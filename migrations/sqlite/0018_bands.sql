-- A band of near-duplicates holds the 64 articles that were stored last (`similarity::MOST_IN_BAND`): what stands
-- on thousands of pages finds nothing, and made each new article with it compare itself to all of them.
DELETE FROM text_bands
WHERE band IN (SELECT band FROM text_bands GROUP BY band HAVING COUNT(*) > 64)
  AND seq < (SELECT seq FROM text_bands AS newest WHERE newest.band = text_bands.band
             ORDER BY seq DESC LIMIT 1 OFFSET 63);
