//! The words that announce a date, as data: 'published', 'updated'. Lower case, in the languages of the month
//! names and those of East Asia.

/// Labels of a date of publication.
pub(super) const PUBLISHED: &[&str] = &[
    "published", "first published", "date published", "publication date", "originally published", "posted",
    "date posted", "post time", "publish date", "released", "release date", "issued", "date created",
    "veröffentlicht", "erstveröffentlicht", "erstmals veröffentlicht", "erschienen", "erstellt", "publiziert",
    "veröffentlichung", "erscheinungsdatum", "veröffentlichungsdatum", "onlinestellung",
    "publié", "publiée", "mis en ligne", "mise en ligne", "paru", "parue", "créé", "date de publication", "publication",
    "publicado", "publicada", "publicación", "fecha de publicación", "creado", "publicação", "data de publicação",
    "criado", "pubblicato", "pubblicata", "pubblicazione", "data di pubblicazione", "publicat", "publicată",
    "data publicării", "publicació", "gepubliceerd", "geplaatst", "verschenen", "publicatiedatum", "aangemaakt",
    "publicerad", "publicerat", "publicerades", "publisert", "publiceret", "offentliggjort", "udgivet", "oprettet", "birt",
    "birtist", "julkaistu", "avaldatud", "publicēts", "publicēta", "paskelbta", "publikuota", "opublikowano",
    "opublikowany", "data publikacji", "data dodania", "dodano", "utworzono", "publikacja", "publikováno", "publikovaný",
    "vydáno", "zveřejněno", "vytvořeno", "publikované", "zverejnené", "megjelent", "közzétéve", "publikálva", "létrehozva", "objavljeno",
    "objavljen", "objava", "datum objave", "objavil", "publikovano", "опубликовано", "дата публикации", "опубликован", "публикация",
    "создано", "опубліковано", "дата публікації", "публикувано", "публикувана", "објављено", "објавено", "апублікавана",
    "δημοσιεύτηκε", "δημοσιεύθηκε", "δημοσίευση", "ημερομηνία δημοσίευσης", "yayınlanma", "yayın tarihi", "yayımlanma",
    "yayınlandı", "yayınlanma tarihi", "giriş tarihi", "giriş", "oluşturulma", "oluşturulma tarihi", "eklenme tarihi", "eklenme", "diterbitkan", "diposting", "terbit", "dipublikasikan", "tayang",
    "đăng", "ngày đăng", "xuất bản", "发布", "發布", "发表", "發表", "刊登", "发布时间", "發布時間", "发表时间", "發佈",
    "發佈時間", "出版", "上架", "公開日", "公開", "掲載", "掲載日", "投稿日", "配信", "配信日", "投稿", "初出", "発行", "입력", "등록",
    "발행", "승인", "게재", "송고", "기사입력", "작성", "최초입력", "نشر", "تاريخ النشر", "نُشر", "نشرت", "نُشرت", "تم النشر", "نشر في", "منشور", "صدر", "انتشار",
    "تاریخ انتشار", "زمان انتشار", "منتشر شده", "شائع", "تاریخ اشاعت", "فورسمي", "פורסם", "פורסמה", "תאריך פרסום", "הועלה",
    "प्रकाशित", "पब्लिश", "प्रकाशन", "पोस्टेड", "প্রকাশ", "প্রকাশিত", "প্রকাশের", "เผยแพร่", "ตีพิมพ์", "โพสต์", "วันที่เผยแพร่",
    "ផ្សាយ", "បានផ្សាយ", "ចុះផ្សាយ", "ເຜີຍແຜ່", "வெளியிடப்பட்டது", "பதிவு", "ప్రచురణ", "ಪ್ರಕಟಿಸಲಾಗಿದೆ", "പ്രസിദ്ധീകരിച്ചത്",
    "inilathala", "gepubliseer", "chapishwa", "imechapishwa", "argitaratua", "publicado o", "botuar", "publikuar", "cyhoeddwyd", "жарияланды", "dərc", "nəşr",
];

/// Labels of a date of modification.
pub(super) const CHANGED: &[&str] = &[
    "updated", "last updated", "last update", "update", "last modified", "modified", "last reviewed", "edited",
    "revised", "amended", "last changed", "last edited", "aktualisiert", "zuletzt", "zuletzt aktualisiert", "zuletzt geändert", "letzte aktualisierung", "aktualisierung",
    "letzte änderung", "geändert", "überarbeitet", "zuletzt bearbeitet", "stand", "mis à jour", "mise à jour", "actualisé", "actualisée", "modifié", "modifiée",
    "dernière mise à jour", "dernière mise", "dernière modif", "dernière modification", "màj", "maj", "actualizado", "actualizada", "actualización", "última actualización",
    "modificado", "última modificación", "aggiornato", "aggiornata", "aggiornamento", "ultimo aggiornamento", "ultima modifica", "modificato", "atualizado", "atualizada", "última atualização", "modificado em",
    "actualitzat", "actualització", "bijgewerkt", "laatst bijgewerkt", "laatst gewijzigd", "gewijzigd", "geüpdatet", "laatste update", "aangepast", "uppdaterad", "senast uppdaterad", "ändrad", "senast ändrad",
    "oppdatert", "sist oppdatert", "endret", "opdateret", "sidst opdateret", "ændret", "uppfært", "päivitetty", "muokattu", "viimeksi päivitetty", "muudetud", "uuendatud", "atjaunots", "atjaunināts", "labots", "atnaujinta", "zaktualizowano", "aktualizacja",
    "ostatnia aktualizacja", "zmodyfikowano", "data aktualizacji", "modyfikacja", "aktualizováno", "aktualizace", "upraveno", "aktualizované", "upravené", "frissítve", "frissült", "módosítva", "utolsó frissítés", "actualizat", "actualizată", "ultima actualizare",
    "обновлено", "обновлен", "обновление", "изменено", "оновлено", "обновена", "обновено", "актуализирано", "последна промяна", "ажурирано", "ажурирано", "измењено", "абноўлена", "ažurirano", "izmijenjeno", "posodobljeno", "zadnja sprememba", "ενημερώθηκε", "ενημέρωση", "τελευταία ενημέρωση", "τελευταία τροποποίηση",
    "güncelleme", "güncellendi", "son güncelleme", "güncellenme", "güncelleme tarihi", "güncellenme tarihi", "son güncellenme", "diperbarui", "diperbaharui", "dikemas kini", "pembaruan", "cập nhật", "sửa đổi", "chỉnh sửa", "آخر تحديث", "تم التحديث", "تحديث", "تاريخ التحديث", "آخر تعديل", "عُدل", "تعديل", "به‌روزرسانی",
    "آخرین به‌روزرسانی", "آخرین ویرایش", "بروزرسانی", "به روز رسانی", "اپ ڈیٹ", "اپڈیٹ", "עודכן", "עודכנה", "עדכון", "עדכון אחרון", "תאריך עדכון", "आखरी अपडेट", "अपडेट", "अपडेटेड", "अद्यतन", "अंतिम अपडेट", "संशोधित", "আপডেট", "হালনাগাদ", "আপডেট সময়", "อัปเดต", "อัพเดท", "อัพเดต", "แก้ไข", "ปรับปรุง", "ធ្វើបច្ចុប្បន្នភាព", "បច្ចុប្បន្នភាព", "ອັບເດດ", "ອັບເດດ", "புதுப்பிக்கப்பட்டது",
    "更新", "最終更新", "最后更新", "最後更新", "更新日", "更新日時", "更新时间", "更新時間", "修改", "修訂", "改訂", "修正", "수정", "업데이트", "최종수정", "기사수정", "최종 업데이트", "갱신", "eguneratua", "përditësuar", "na-update", "ilisasishwa", "жаңартылды", "yenilənib",
];
