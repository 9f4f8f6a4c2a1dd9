package registry

import "strings"

// The rows are held by pages of pageRows rows. What is written there stays where
// it is, so that growing costs nothing and leaves no spare room.
const (
	pageBits = 12
	pageRows = 1 << pageBits
)

// maxRows keeps a row number in an int, and row+1 in 32 bits, on every machine.
const maxRows = 1<<31 - 2

// maxPage bounds a page's text so that its ends fit into 32 bits. Texts of up to
// longText bytes fit beside that whatever their number.
const (
	maxPage  = 1 << 30
	longText = maxPage / pageRows
)

// A rowStore holds the rows of a registry, column by column.
type rowStore struct {
	pages []*page
	rows  int
}

// A page holds the columns of pageRows rows. Texts lie end to end; the ends say
// where each one ends. A view of a builder's text stays valid while it grows.
type page struct {
	ids, names, attributes          strings.Builder
	idEnds, nameEnds, attributeEnds [pageRows]uint32

	divisions, industries [pageRows]uint32 // places in the registry's tables
	founded, inspected    [pageRows]Date
	domains               [pageRows]Domain
	statuses              [pageRows]Status
}

// id returns the ID of a row. Like all texts here it is a view.
func (c *rowStore) id(row int) string {
	p, k := c.pages[row>>pageBits], row&(pageRows-1)
	return view(&p.ids, &p.idEnds, k)
}

// name returns the name of a row.
func (c *rowStore) name(row int) string {
	p, k := c.pages[row>>pageBits], row&(pageRows-1)
	return view(&p.names, &p.nameEnds, k)
}

func view(texts *strings.Builder, ends *[pageRows]uint32, k int) string {
	from := uint32(0)
	if k > 0 {
		from = ends[k-1]
	}
	return texts.String()[from:ends[k]]
}

// next returns the page for one more row and the row's place there.
func (c *rowStore) next() (*page, int) {
	k := c.rows & (pageRows - 1)
	if k == 0 {
		p := new(page)
		if n := len(c.pages); n > 0 {
			// The texts of most pages are about as long as those before.
			last := c.pages[n-1]
			last.trim()
			p.ids.Grow(last.ids.Len() + last.ids.Len()/32)
			p.names.Grow(last.names.Len() + last.names.Len()/32)
			p.attributes.Grow(last.attributes.Len() + last.attributes.Len()/32)
		}
		c.pages = append(c.pages, p)
	}
	c.rows++
	return c.pages[len(c.pages)-1], k
}

// rowValues are the values of a row.
type rowValues struct {
	id, name           string
	packed             []byte // attributes
	division, industry uint32 // places in the registry's tables
	founded, inspected Date
	domain             Domain
	status             Status
}

// append appends a row, copying its texts, and returns its number.
func (c *rowStore) append(v *rowValues) int {
	p, k := c.next()
	p.ids.WriteString(v.id)
	p.idEnds[k] = uint32(p.ids.Len())
	p.names.WriteString(v.name)
	p.nameEnds[k] = uint32(p.names.Len())
	p.attributes.Write(v.packed)
	p.attributeEnds[k] = uint32(p.attributes.Len())
	p.divisions[k], p.industries[k] = v.division, v.industry
	p.founded[k], p.inspected[k] = v.founded, v.inspected
	p.domains[k], p.statuses[k] = v.domain, v.status
	return c.rows - 1
}

// fits reports whether the page has room for texts of up to n bytes. Texts of up
// to longText bytes always fit.
func (c *rowStore) fits(n int) bool {
	if n <= longText || c.rows&(pageRows-1) == 0 {
		return true
	}
	p := c.pages[len(c.pages)-1]
	return max(p.names.Len(), p.attributes.Len()) <= maxPage-n
}

// trim gives back what the page's texts have not used, if it is much.
func (p *page) trim() {
	for _, b := range []*strings.Builder{&p.ids, &p.names, &p.attributes} {
		if text := b.String(); b.Cap()-len(text) > len(text)/16 {
			b.Reset()
			b.Grow(len(text))
			b.WriteString(text)
		}
	}
}
