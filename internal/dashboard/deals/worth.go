package deals

import (
	"strings"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/store"
)

// money writes an amount as people read it: "12,400.00 EUR".
func money(amount int64, currency string) string {
	whole, rest, has := strings.Cut(form.Units(amount, currency), ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if has && strings.Trim(rest, "0") != "" {
		b.WriteString("." + rest)
	}
	return b.String() + " " + currency
}

// worth is what a deal would bring, "" if nobody knows.
func worth(d parley.Deal) string {
	if d.Amount == nil || d.Currency == nil {
		return ""
	}
	return money(*d.Amount, *d.Currency)
}

// total is what deals come to in all, by currency.
func total(sums []store.DealSum) (count int, text string) {
	var parts []string
	for _, s := range sums {
		count += s.Count
		if s.Currency != "" {
			parts = append(parts, money(s.Amount, s.Currency))
		}
	}
	return count, strings.Join(parts, " + ")
}
