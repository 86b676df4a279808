//! Lines with several dates, each with its own label.

use super::*;

/// The date of publication and that of modification of a line.
fn both(language: &str, text: &str) -> (Option<String>, Option<String>) {
    let dated = reader(language).dated(text);
    let of = |role| {
        let it = dated.iter().find(|it| it.role == role)?;
        Some(it.date.to_string())
    };
    (of(Role::Published), of(Role::Modified))
}

#[test]
fn every_date_of_a_line_has_its_own_label() {
    for (language, text) in [
        ("en", "Updated 12 May 2026, first published 11 May 2026"),
        (
            "en",
            "First published 11 May 2026. Last updated: May 12, 2026",
        ),
        ("en", "11 May 2026 (updated 12 May 2026)"),
        (
            "en",
            "Published May 11, 2026 · Updated May 12, 2026 · 3 min read",
        ),
        (
            "de",
            "Veröffentlicht am 11.05.2026 - Zuletzt aktualisiert am 12.05.2026",
        ),
        ("de", "Stand: 12.05.2026 | Erstveröffentlicht: 11.05.2026"),
        ("de", "11. Mai 2026, aktualisiert am 12. Mai 2026"),
        ("fr", "Publié le 11 mai 2026, modifié le 12 mai 2026"),
        ("fr", "Mis à jour le 12/05/2026 ; publié le 11/05/2026"),
        (
            "es",
            "Publicado: 11 de mayo de 2026. Actualizado: 12 de mayo de 2026",
        ),
        ("pt", "Publicado em 11/05/2026 - Atualizado em 12/05/2026"),
        (
            "it",
            "Pubblicato il 11 maggio 2026, ultimo aggiornamento 12 maggio 2026",
        ),
        (
            "nl",
            "Geplaatst: 11 mei 2026 | Laatst bijgewerkt: 12 mei 2026",
        ),
        ("sv", "Publicerad 11 maj 2026. Uppdaterad 12 maj 2026"),
        ("da", "Opdateret 12. maj 2026, publiceret 11. maj 2026"),
        ("no", "Publisert 11. mai 2026 Sist oppdatert 12. mai 2026"),
        ("fi", "Julkaistu 11.5.2026 | Päivitetty 12.5.2026"),
        (
            "pl",
            "Opublikowano: 11 maja 2026, ostatnia aktualizacja: 12 maja 2026",
        ),
        ("cs", "Publikováno 11. 5. 2026, aktualizováno 12. 5. 2026"),
        ("sk", "Publikované 11. 5. 2026, aktualizované 12. 5. 2026"),
        (
            "hu",
            "Megjelent: 2026. május 11. Frissítve: 2026. május 12.",
        ),
        ("ro", "Publicat: 11 mai 2026 | Actualizat: 12 mai 2026"),
        (
            "hr",
            "Objavljeno 11. svibnja 2026. Ažurirano 12. svibnja 2026.",
        ),
        ("ru", "Опубликовано: 11 мая 2026, обновлено: 12 мая 2026"),
        ("uk", "Опубліковано 11 травня 2026, оновлено 12 травня 2026"),
        ("bg", "Публикувана 11 май 2026, обновена 12 май 2026"),
        (
            "el",
            "Δημοσιεύτηκε: 11 Μαΐου 2026 - Ενημερώθηκε: 12 Μαΐου 2026",
        ),
        ("tr", "Yayınlanma: 11.05.2026 - Güncelleme: 12.05.2026"),
        ("ar", "نُشر في 11 مايو 2026 - آخر تحديث 12 مايو 2026"),
        (
            "fa",
            "تاریخ انتشار: ۲۱ اردیبهشت ۱۴۰۵ - به‌روزرسانی: ۲۲ اردیبهشت ۱۴۰۵",
        ),
        ("he", "פורסם: 11.05.2026 | עודכן: 12.05.2026"),
        ("hi", "प्रकाशित: 11 मई 2026, अपडेट: 12 मई 2026"),
        ("th", "เผยแพร่ 11 พ.ค. 2569 อัปเดตล่าสุด 12 พ.ค. 2569"),
        ("id", "Diterbitkan 11 Mei 2026, diperbarui 12 Mei 2026"),
        ("vi", "Đăng ngày 11/05/2026, cập nhật 12/05/2026"),
        ("zh", "发布时间：2026年5月11日 更新时间：2026年5月12日"),
        ("zh", "2026-05-11 發布 2026-05-12 更新"),
        ("ja", "公開日 2026年5月11日 更新日 2026年5月12日"),
        ("ja", "2026年5月11日 公開 / 2026年5月12日 更新"),
        ("ja", "2026年5月11日 配信（2026年5月12日 更新）"),
        ("ko", "입력 2026.05.11 수정 2026.05.12"),
        ("ko", "승인 2026.05.11. 최종수정 2026.05.12."),
    ] {
        let days = (Some("2026-05-11".to_owned()), Some("2026-05-12".to_owned()));
        assert_eq!(both(language, text), days, "{text}");
    }
}

#[test]
fn times_belong_to_the_date_of_their_own_label() {
    for (language, text, published, modified) in [
        (
            "ko",
            "승인 2026.11.26 11:08 수정 2026.11.26 13:20",
            "2026-11-26T11:08:00",
            "2026-11-26T13:20:00",
        ),
        (
            "de",
            "Stand: 12.05.2026, 09:15 Uhr | Erstveröffentlicht: 11.05.2026",
            "2026-05-11",
            "2026-05-12T09:15:00",
        ),
        (
            "fr",
            "Publié le 11 mai 2026 à 10h26, mis à jour le 12 mai 2026 à 09h10",
            "2026-05-11T10:26:00",
            "2026-05-12T09:10:00",
        ),
        (
            "es",
            "11 mayo 2026 | Actualizado 13:05 h.",
            "2026-05-11",
            "2026-05-11T13:05:00",
        ),
        (
            "es",
            "11/05/2026 10:26 - Actualizado a las 13:05",
            "2026-05-11T10:26:00",
            "2026-05-11T13:05:00",
        ),
        (
            "en",
            "Updated 10:26, 12 May 2026. Published 11 May 2026",
            "2026-05-11",
            "2026-05-12T10:26:00",
        ),
    ] {
        let times = (Some(published.to_owned()), Some(modified.to_owned()));
        assert_eq!(both(language, text), times, "{text}");
    }
    // The hour before it is the next day's.
    let (_, modified) = both("es", "11/05/2026 23:50 - Actualizado a las 01:05");
    assert_eq!(modified, None);
}

#[test]
fn a_date_without_a_label_says_nothing_about_itself() {
    let dated = reader("en").dated("11 May 2026 - 12 May 2026");
    assert_eq!(dated.len(), 2);
    assert!(dated.iter().all(|it| it.role == Role::Unsaid));
    let only = reader("en").dated("Updated 12 May 2026");
    assert_eq!(
        only.iter().map(|it| it.role).collect::<Vec<_>>(),
        [Role::Modified]
    );
}
