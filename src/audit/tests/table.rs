use crate::table::{COLUMNS, changes_as_csv, harmless};
use crate::tests::bench::{Bench, entry};

// 3.14 T6
#[test]
fn cells_that_spreadsheets_would_carry_out_get_an_apostrophe() {
    for cell in [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1",
    ] {
        assert_eq!(harmless(cell), format!("'{cell}"));
    }
    for cell in ["", "1", "a=b", "'", "anna@example.test"] {
        assert_eq!(harmless(cell), cell);
    }
}

#[tokio::test]
async fn a_table_reads_back_as_the_changes_it_was_made_from() {
    let bench = Bench::new().await;
    let customer = bench.customer();
    let mut hostile = entry(customer, 2);
    hostile.object_name = "=HYPERLINK(\"https://evil.test\",\"a\")\r\nx".to_owned();
    let id = bench.append(&hostile).await;
    let mut tx = bench.read().await;
    let change = bench
        .recorder
        .load(&mut tx, customer, id)
        .await
        .unwrap()
        .unwrap();
    let bytes = changes_as_csv(std::slice::from_ref(&change), true).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    assert_eq!(reader.headers().unwrap(), COLUMNS.as_slice());
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!(&row[0], "2");
    assert_eq!(row[7], format!("'{}", hostile.object_name));
    assert_eq!(row[14], change.after.to_string());
    assert!(
        !changes_as_csv(&[change], false)
            .unwrap()
            .starts_with(b"seq")
    );
}
