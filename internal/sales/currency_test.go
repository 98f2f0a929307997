package sales_test

import (
	"testing"

	"parley"
)

func TestCurrencies(t *testing.T) {
	inEach(t, func(t *testing.T, d *desk) {
		for code, known := range map[string]bool{
			"EUR": true, "AED": true, "ZWG": true, "JPY": true, "XCG": true,
			"": false, "eur": false, "EU": false, "EURO": false, "ZZZ": false, "R U": false, "AED AFN": false,
		} {
			_, err := d.Orders.Create(t.Context(), d.by, parley.Order{ContactID: d.contact, Amount: 1, Currency: code})
			if known && err != nil || !known && parley.KindOf(err) != parley.Invalid {
				t.Errorf("%q: %v", code, err)
			}
		}
	})
}
