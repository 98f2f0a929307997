package schema

// names are the names of an object so far. A few are compared one by one, many by
// a map, so that an object of very many members takes no longer than its length.
type names struct {
	first int32 // the entry of the first name
	count int
	known map[string]struct{}
}

const fewNames = 16

func (n *names) repeat(d *document, index int32) bool {
	n.count++
	if n.count <= fewNames {
		for i := n.first; i < index; i = d.entries[i+1].next {
			if d.sameText(i, index) {
				return true
			}
		}
		return false
	}
	if n.known == nil {
		n.known = make(map[string]struct{}, 4*fewNames)
		for i := n.first; i < index; i = d.entries[i+1].next {
			n.known[d.says(i)] = struct{}{}
		}
	}
	before := len(n.known)
	n.known[d.says(index)] = struct{}{}
	return len(n.known) == before
}
