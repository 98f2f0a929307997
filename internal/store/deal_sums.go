package store

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/database"
)

// DealSum is how many deals are at a stage, and what they come to in one currency. Of
// deals of which nobody knows what they bring, the currency is "".
type DealSum struct {
	Stage    parley.StageID
	Currency string
	Count    int
	Amount   int64
}

// DealSums sums up the deals that the filter lets through, in the order of stages and
// currencies.
func DealSums(ctx context.Context, q database.Querier, org parley.OrganizationID, f Filter) (sums []DealSum, err error) {
	where, args := f.SQL(org)
	rows, err := q.Query(ctx, `
		select stage_id, coalesce(currency, ''), count(*), cast(coalesce(sum(amount), 0) as bigint)
		from deals`+where+`
		group by stage_id, coalesce(currency, '')
		order by stage_id, coalesce(currency, '')`, args...)
	if err != nil {
		return nil, fmt.Errorf("sum up deals: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s DealSum
		if err := rows.Scan(&s.Stage, &s.Currency, &s.Count, &s.Amount); err != nil {
			return nil, fmt.Errorf("sum up deals: %w", err)
		}
		sums = append(sums, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sum up deals: %w", err)
	}
	return sums, nil
}
