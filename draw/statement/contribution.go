package statement

// A Commit binds a contributor to a value that it does not show yet.
type Commit struct {
	Notice      ID     // the draw's notice
	Contributor string // name of the contributor
	Commitment  ID     // see [CommitmentOf]
}

func (c *Commit) walk(f *form) {
	f.row("notice", hashField{h: &c.Notice})
	f.row("contributor", labelField{s: &c.Contributor})
	f.row("commitment", hashField{h: &c.Commitment})
}

func (c *Commit) check() string { return "" }

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (c *Commit) MarshalText() ([]byte, error) { return marshal("commit", c) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, c is unchanged and the error is an *[Error].
func (c *Commit) UnmarshalText(text []byte) error {
	var fresh Commit
	if err := unmarshal("commit", &fresh, text); err != nil {
		return err
	}
	*c = fresh
	return nil
}

// A Reveal shows a contributor's value.
type Reveal struct {
	Notice      ID     // the draw's notice
	Contributor string // name of the contributor
	Value       ID     // 32 random bytes, or the chain's value for this draw; never all zeros
	Nonce       ID     // 32 more random bytes that were hashed into the commitment; zero for a chain
}

func (r *Reveal) walk(f *form) {
	f.row("notice", hashField{h: &r.Notice})
	f.row("contributor", labelField{s: &r.Contributor})
	f.row("value", hashField{h: &r.Value})
	f.row("nonce", hashField{&r.Nonce, true})
}

func (r *Reveal) check() string { return "" }

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (r *Reveal) MarshalText() ([]byte, error) { return marshal("reveal", r) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, r is unchanged and the error is an *[Error].
func (r *Reveal) UnmarshalText(text []byte) error {
	var fresh Reveal
	if err := unmarshal("reveal", &fresh, text); err != nil {
		return err
	}
	*r = fresh
	return nil
}
