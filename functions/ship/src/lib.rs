//! How `ship` reads label PDFs.

use haat_workflows::PageOrders;

/// Which page of a label PDF is for which orders.
pub fn read_pages(pdf: &[u8]) -> Result<Vec<PageOrders>, String> {
    let pages = haat_labels::pages(pdf).map_err(|error| error.to_string())?;
    Ok(pages
        .into_iter()
        .map(|page| PageOrders {
            page: page.page,
            orders: page.order_numbers,
            problem: page.problem,
        })
        .collect())
}
