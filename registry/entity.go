package registry

import (
	"fmt"

	"github.com/doublerandom/doublerandom/internal/label"
)

// An Entity is one row of the directory of inspected parties: a company, an
// institution, a social organisation. It is a plain value.
type Entity struct {
	ID            string     // 1–64 bytes, normally the unified social credit code
	Name          string     // any UTF-8 text without control characters
	Domain        Domain     // what kind of body it is
	Division      string     // GB/T 2260, 6 digits, or 9 for a town; "" if not stated
	Industry      Industry   // GB/T 4754 with its edition; zero if not stated
	Status        Status     // registration status
	Founded       Date       // zero if not stated
	LastInspected Date       // zero if never inspected
	Attributes    Attributes // free attributes of the caller
}

// A Domain says what kind of body an entity is. The zero Domain is DomainUnknown.
type Domain uint8

// The domains. Their texts are stable and appear in published files.
const (
	DomainUnknown      Domain = iota // "unknown"
	Enterprise                       // "enterprise": companies, sole traders, cooperatives
	Institution                      // "institution": government organs and public institutions
	SocialOrganisation               // "social-organisation"
	JudicialService                  // "judicial-service": law firms, notaries, forensic bodies
	OtherDomain                      // "other"
)

var domainNames = [...]string{"unknown", "enterprise", "institution", "social-organisation", "judicial-service", "other"}

// String returns the domain's text, such as "enterprise".
func (d Domain) String() string { return enumText(domainNames[:], uint8(d), "Domain") }

// ParseDomain returns the domain with the given text. It accepts exactly the
// texts that [Domain.String] returns.
func ParseDomain(s string) (Domain, error) {
	i, err := parseEnum(domainNames[:], s, "domain")
	return Domain(i), err
}

// A Status is an entity's registration status. The zero Status is StatusUnknown:
// the source did not state one.
type Status uint8

// The statuses. Their texts are stable and appear in published files.
const (
	StatusUnknown Status = iota // "unknown": not stated
	Active                      // "active" (存续, 在营, 开业, 在业)
	Suspended                   // "suspended" (歇业, 停业)
	Unreachable                 // "unreachable" (失联: not found at the registered address)
	Moved                       // "moved" (迁出)
	Liquidating                 // "liquidating" (清算)
	Closed                      // "closed" (注销: deregistered)
	Revoked                     // "revoked" (吊销, 撤销)
)

var statusNames = [...]string{"unknown", "active", "suspended", "unreachable", "moved", "liquidating", "closed", "revoked"}

// String returns the status's text, such as "active".
func (s Status) String() string { return enumText(statusNames[:], uint8(s), "Status") }

// ParseStatus returns the status with the given text. It accepts exactly the
// texts that [Status.String] returns; importers also read Chinese ones.
func ParseStatus(s string) (Status, error) {
	i, err := parseEnum(statusNames[:], s, "status")
	return Status(i), err
}

func enumText(names []string, i uint8, kind string) string {
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%s(%d)", kind, i)
}

func parseEnum(names []string, s, kind string) (uint8, error) {
	for i, name := range names {
		if s == name {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("registry: unknown %s %s", kind, label.Quote(s))
}
