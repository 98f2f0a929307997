package parley

// The nouns of sales. Amounts of money are whole numbers of the currency's smallest
// unit: 1250 in EUR is 12.50 €, 1250 in JPY is 1250 ¥. A contact or conversation that
// an order, payment or deal names may be deleted later: the record keeps its id.

// Order is what a contact asked to be sold.
type Order struct {
	ID             OrderID         `json:"id"`
	Status         OrderStatus     `json:"status" enum:"requested,fulfilled,cancelled" doc:"Changed by POST …/fulfil and …/cancel"`
	ContactID      ContactID       `json:"contact_id" write:"create" required:"true" doc:"Who ordered; stays, also when the contact is deleted"`
	ConversationID *ConversationID `json:"conversation_id" write:"create,update" doc:"The conversation with this contact in which it was ordered; stays, also when that is deleted"`
	Items          []OrderItem     `json:"items" write:"create,update" maxItems:"200" doc:"What was ordered; on PATCH, replaced as a whole"`
	Amount         int64           `json:"amount" write:"create,update" required:"true" minimum:"0" maximum:"1000000000000000" doc:"What it comes to in all, in the currency's smallest unit. With delivery, tax or a discount that is another sum than that of the items" example:"2790"`
	Currency       string          `json:"currency" write:"create,update" required:"true" pattern:"^[A-Z]{3}$" patternDescription:"the code of a currency in ISO 4217, like EUR" doc:"Of all amounts of the order" example:"EUR"`
	CustomFields   Values          `json:"custom_fields" write:"create,update" maxProperties:"200" doc:"Values of the custom fields defined for orders, by key; on PATCH, null removes one"`
	CreatedAt      Time            `json:"created_at"`
	UpdatedAt      Time            `json:"updated_at"`
	Sequence       int64           `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// OrderItem is one line of an order.
type OrderItem struct {
	Name       string  `json:"name" minLength:"1" maxLength:"200" example:"Rye bread, 1 kg"`
	SKU        *string `json:"sku" required:"false" minLength:"1" maxLength:"100" doc:"Its number in your own stock" example:"RYE-1000"`
	Quantity   int     `json:"quantity" minimum:"1" maximum:"1000000" example:"2"`
	UnitAmount int64   `json:"unit_amount" minimum:"0" maximum:"1000000000000000" doc:"The price of one, in the currency's smallest unit" example:"1250"`
}

// OrderStatus is where an order stands.
type OrderStatus string

// The statuses of an order. A requested one is fulfilled or cancelled, and that is
// the end of it.
const (
	RequestedOrder OrderStatus = "requested"
	FulfilledOrder OrderStatus = "fulfilled"
	CancelledOrder OrderStatus = "cancelled"
)

// Payment is money that a contact is to pay, paid, or got back.
type Payment struct {
	ID            PaymentID     `json:"id"`
	Status        PaymentStatus `json:"status" enum:"pending,paid,failed,refunded" doc:"Changed by POST …/confirm, …/fail and …/refund"`
	OrderID       *OrderID      `json:"order_id" write:"create" doc:"The order that it pays"`
	ContactID     *ContactID    `json:"contact_id" write:"create" doc:"Who pays; left out or null where there is an order: who ordered. Stays, also when the contact is deleted"`
	Amount        int64         `json:"amount" write:"create" required:"true" minimum:"1" maximum:"1000000000000000" doc:"In the currency's smallest unit" example:"2790"`
	Currency      string        `json:"currency" write:"create" required:"true" pattern:"^[A-Z]{3}$" patternDescription:"the code of a currency in ISO 4217, like EUR" example:"EUR"`
	Provider      *string       `json:"provider" write:"create" minLength:"1" maxLength:"100" doc:"Who moves the money" example:"bank transfer"`
	Reference     *string       `json:"reference" write:"create" minLength:"1" maxLength:"255" doc:"What the provider calls the payment" example:"RF18 5390 0754 7034"`
	FailureReason *string       `json:"failure_reason" doc:"Why it failed; null: it did not, or nobody said" example:"The card has expired."`
	CreatedAt     Time          `json:"created_at"`
	UpdatedAt     Time          `json:"updated_at"`
	Sequence      int64         `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// PaymentStatus is where a payment stands.
type PaymentStatus string

// The statuses of a payment. A pending one is paid or fails; what was paid may be
// refunded. After a failure another payment is made.
const (
	PendingPayment  PaymentStatus = "pending"
	PaidPayment     PaymentStatus = "paid"
	FailedPayment   PaymentStatus = "failed"
	RefundedPayment PaymentStatus = "refunded"
)

// Pipeline is the way that deals of one kind go, stage by stage.
type Pipeline struct {
	ID        PipelineID `json:"id"`
	Name      string     `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"200" example:"Wedding cakes"`
	Stages    []Stage    `json:"stages" write:"create,update" required:"true" minItems:"1" maxItems:"50" doc:"In their order. On PATCH, the whole list: a stage with its id stays the same stage, one without an id is new, one that is left out goes, if no open deal is at it" example:"[{\"name\":\"Tasting\"},{\"name\":\"Offer sent\"}]"`
	CreatedAt Time       `json:"created_at"`
	UpdatedAt Time       `json:"updated_at"`
	Sequence  int64      `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Stage is a step of a pipeline.
type Stage struct {
	ID   StageID `json:"id,omitempty" doc:"Left out: the stage is new, and gets one"`
	Name string  `json:"name" minLength:"1" maxLength:"200" example:"Offer sent"`
}

// Deal is a sale that may come about: at a stage of a pipeline, until it is won or lost.
type Deal struct {
	ID           DealID     `json:"id"`
	Title        string     `json:"title" write:"create,update" required:"true" minLength:"1" maxLength:"500" example:"Cake for 80 guests"`
	Status       DealStatus `json:"status" enum:"open,won,lost" doc:"Changed by POST …/win, …/lose and …/reopen"`
	PipelineID   PipelineID `json:"pipeline_id" write:"create" required:"true"`
	StageID      StageID    `json:"stage_id" write:"create" doc:"A stage of its pipeline; left out: the first. Changed by POST …/move"`
	ContactID    *ContactID `json:"contact_id" write:"create,update" doc:"With whom it is made; stays, also when the contact is deleted"`
	AssigneeID   *UserID    `json:"assignee_id" write:"create,update" doc:"The agent who looks after it; null: nobody"`
	Amount       *int64     `json:"amount" write:"create,update" minimum:"0" maximum:"1000000000000000" doc:"What it would bring, in the currency's smallest unit; null: nobody knows yet" example:"32000"`
	Currency     *string    `json:"currency" write:"create,update" pattern:"^[A-Z]{3}$" patternDescription:"the code of a currency in ISO 4217, like EUR" doc:"Goes with the amount: both or neither" example:"EUR"`
	LostReason   *string    `json:"lost_reason" doc:"Why it was lost; null: it was not, or nobody said" example:"Another bakery was nearer."`
	CustomFields Values     `json:"custom_fields" write:"create,update" maxProperties:"200" doc:"Values of the custom fields defined for deals, by key; on PATCH, null removes one"`
	CreatedAt    Time       `json:"created_at"`
	UpdatedAt    Time       `json:"updated_at"`
	Sequence     int64      `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// DealStatus is where a deal stands.
type DealStatus string

// The statuses of a deal. An open one moves, and is won or lost; one that was closed
// by mistake is reopened.
const (
	OpenDeal DealStatus = "open"
	WonDeal  DealStatus = "won"
	LostDeal DealStatus = "lost"
)
