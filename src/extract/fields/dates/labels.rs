//! The words that announce a date, as data: 'published', 'updated'.

use crate::extract::fields::line_prefixes::LinePrefixes;

/// Labels of a publication date, in lower case, in the languages of the month names and those of East
/// Asia.
const PUBLISHED: &[&str] = &[
    "published",
    "first published",
    "date published",
    "publication date",
    "originally published",
    "posted",
    "date posted",
    "post time",
    "publish date",
    "released",
    "release date",
    "veröffentlicht",
    "erschienen",
    "erstellt",
    "publié",
    "publiée",
    "mis en ligne",
    "paru",
    "publicado",
    "publicada",
    "publicación",
    "publicação",
    "pubblicato",
    "pubblicata",
    "publicat",
    "gepubliceerd",
    "geplaatst",
    "publicerad",
    "publicerat",
    "publisert",
    "publiceret",
    "udgivet",
    "birt",
    "julkaistu",
    "avaldatud",
    "publicēts",
    "paskelbta",
    "opublikowano",
    "data publikacji",
    "publikováno",
    "vydáno",
    "publikované",
    "zverejnené",
    "megjelent",
    "közzétéve",
    "objavljeno",
    "опубликовано",
    "дата публикации",
    "опубліковано",
    "публикувано",
    "објављено",
    "δημοσιεύτηκε",
    "δημοσίευση",
    "yayınlanma",
    "yayın tarihi",
    "diterbitkan",
    "diposting",
    "đăng",
    "发布",
    "發布",
    "公開日",
    "掲載",
    "投稿日",
    "입력",
    "등록",
    "발행",
];

/// The rest of a line that begins with the label of a publication date.
pub(in crate::extract::fields) fn after_published(line: &str) -> Option<&str> {
    static PREFIXES: LinePrefixes = LinePrefixes::new(PUBLISHED);
    let line = line.trim_start();
    let label = PREFIXES.find(line)?;
    // Lower case may be longer or shorter in bytes, so the label is measured in characters.
    let skip = label.chars().count();
    let rest = line
        .char_indices()
        .nth(skip)
        .map_or("", |(at, _)| &line[at..]);
    let is_word_end = rest
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphabetic() || c as u32 > 0x2E80);
    is_word_end.then_some(rest)
}

/// Beginnings of the labels of a modification date.
const CHANGED: &[&str] = &[
    "updated",
    "last updated",
    "last update",
    "last modified",
    "modified",
    "last reviewed",
    "edited",
    "revised",
    "aktualisiert",
    "zuletzt",
    "letzte aktualisierung",
    "letzte änderung",
    "geändert",
    "überarbeitet",
    "stand:",
    "mis à jour",
    "mise à jour",
    "modifié",
    "dernière mise",
    "dernière modif",
    "actualizado",
    "actualización",
    "última actualización",
    "modificado",
    "aggiornato",
    "ultimo aggiornamento",
    "ultima modifica",
    "atualizado",
    "última atualização",
    "bijgewerkt",
    "laatst bijgewerkt",
    "laatst gewijzigd",
    "gewijzigd",
    "uppdaterad",
    "senast uppdaterad",
    "ändrad",
    "oppdatert",
    "sist oppdatert",
    "opdateret",
    "sidst opdateret",
    "päivitetty",
    "muokattu",
    "zaktualizowano",
    "aktualizacja",
    "ostatnia aktualizacja",
    "aktualizováno",
    "aktualizované",
    "frissítve",
    "frissült",
    "actualizat",
    "ultima actualizare",
    "обновлено",
    "обновлен",
    "изменено",
    "оновлено",
    "обновена",
    "ažurirano",
    "posodobljeno",
    "ενημερώθηκε",
    "τελευταία ενημέρωση",
    "güncelleme",
    "güncellendi",
    "son güncelleme",
    "diperbarui",
    "dikemas kini",
    "cập nhật",
    "آخر تحديث",
    "تم التحديث",
    "עודכן",
    "आखरी अपडेट",
    "अपडेट",
    "更新",
    "最終更新",
    "最后更新",
    "最後更新",
    "수정",
    "업데이트",
    "최종수정",
];

/// True for a line that begins with the label of a modification date.
pub(in crate::extract::fields) fn announces_change(line: &str) -> bool {
    static PREFIXES: LinePrefixes = LinePrefixes::new(CHANGED);
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    PREFIXES.find(line).is_some()
}

/// Every label.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    PUBLISHED.iter().chain(CHANGED).copied()
}
