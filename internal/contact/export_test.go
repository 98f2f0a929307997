package contact

// MaxMoved is how many objects a merge moves.
const MaxMoved = maxMoved

// Referring are the tables whose rows a merge moves.
func (c *Contacts) Referring() (tables []string) {
	for _, r := range c.referring() {
		tables = append(tables, r.table)
	}
	return tables
}
