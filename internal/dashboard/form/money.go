package form

import (
	"regexp"
	"strconv"
	"strings"
)

// decimals are how many decimals amounts have in the currencies of ISO 4217 that do
// not have two.
var decimals = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
	"UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "CLF": 4, "UYW": 4,
}

// places is how many decimals a currency has: two, if nothing else is known of it.
func places(currency string) int {
	if n, ok := decimals[currency]; ok {
		return n
	}
	return 2
}

// Units writes an amount in a currency's smallest unit as people do: "27.90" for 2790
// in EUR, "2790" in JPY.
func Units(amount int64, currency string) string {
	n := places(currency)
	digits, sign := strconv.FormatInt(amount, 10), ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		digits, sign = rest, "-"
	}
	if n == 0 {
		return sign + digits
	}
	if short := n + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	return sign + digits[:len(digits)-n] + "." + digits[len(digits)-n:]
}

var amounts = regexp.MustCompile(`^(-?)([0-9]{1,19})(?:[.,]([0-9]+))?$`)

// smallest reads what [Units] writes, and what is near enough; not ok if it is no amount
// of the currency.
func smallest(text, currency string) (literal string, ok bool) {
	parts := amounts.FindStringSubmatch(strings.ReplaceAll(strings.TrimSpace(text), " ", ""))
	if parts == nil || len(parts[3]) > places(currency) {
		return "", false
	}
	digits := parts[2] + parts[3] + strings.Repeat("0", places(currency)-len(parts[3]))
	n, err := strconv.ParseInt(parts[1]+digits, 10, 64)
	return strconv.FormatInt(n, 10), err == nil
}

var bounds = regexp.MustCompile(`^must be at (least|most) (-?[0-9]+)$`)

// inUnits says of an amount what the API says of it in the currency's smallest unit.
func inUnits(message, currency string) string {
	if message == "must be a whole number" {
		return "must be an amount like " + Units(2790, currency)
	}
	bound := bounds.FindStringSubmatch(message)
	if bound == nil {
		return message
	}
	n, err := strconv.ParseInt(bound[2], 10, 64)
	if err != nil {
		return message
	}
	return "must be at " + bound[1] + " " + Units(n, currency)
}
