//! Setting stock.

use haat_domain::OfferKey;
use haat_ports::StockLevel;

use crate::line::Line;
use crate::stage::Stage;

pub(super) async fn partial(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let offers = line.connection.offers().unwrap();
    let page = offers.page(offers.feeds()[0], None).await.unwrap();
    let mut levels: Vec<StockLevel> = page
        .reports
        .iter()
        .map(|offer| StockLevel {
            offer: offer.key.clone(),
            pieces: 7,
        })
        .collect();
    assert!(!levels.is_empty());
    let stranger = OfferKey {
        product: "nobody".to_owned(),
        variant: "sells-this".to_owned(),
    };
    levels.push(StockLevel {
        offer: stranger.clone(),
        pieces: 1,
    });
    let stock = line.connection.stock().unwrap();
    let refused = stock.set(&levels).await.unwrap();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(refused[0].offer, stranger);
    assert!(!refused[0].said.is_empty(), "it says why");
}
