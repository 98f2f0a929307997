package parley

// The data of the events of sales.
type (
	// OrderEvent is the data of order.*.
	OrderEvent struct {
		Order    Order         `json:"order"`
		Contact  *ContactShort `json:"contact" doc:"Who ordered; null: the contact is deleted"`
		Previous Previous      `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// PaymentEvent is the data of payment.*.
	PaymentEvent struct {
		Payment  Payment       `json:"payment"`
		Contact  *ContactShort `json:"contact" doc:"Who pays; null: nobody was named, or the contact is deleted"`
		Previous Previous      `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// PipelineEvent is the data of pipeline.*.
	PipelineEvent struct {
		Pipeline Pipeline `json:"pipeline"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// DealEvent is the data of deal.*.
	DealEvent struct {
		Deal     Deal          `json:"deal"`
		Stage    *Stage        `json:"stage" doc:"The stage that it is at, with its name; null: the deal is closed, and the stage was removed since"`
		Contact  *ContactShort `json:"contact" doc:"With whom it is made; null: nobody was named, or the contact is deleted"`
		Previous Previous      `json:"previous" doc:"The fields that changed, with their old values"`
	}
)

// The types of event of sales.
var (
	OrderRequested = declare("order.requested", "A contact ordered something.", sampleOrder(RequestedOrder, nil))
	OrderUpdated   = declare("order.updated", "What was ordered, its amount, contact or custom data was changed.", sampleOrder(RequestedOrder, Previous{"amount": 2500}))
	OrderFulfilled = declare("order.fulfilled", "A contact got what was ordered.", sampleOrder(FulfilledOrder, Previous{"status": RequestedOrder}))
	OrderCancelled = declare("order.cancelled", "An order was called off.", sampleOrder(CancelledOrder, Previous{"status": RequestedOrder}))

	PaymentCreated  = declare("payment.created", "A payment was asked for.", samplePayment(PendingPayment, nil))
	PaymentUpdated  = declare("payment.updated", "The contact of a payment was merged into another one.", samplePayment(PaidPayment, Previous{"contact_id": anotherContact.ID}))
	PaymentPaid     = declare("payment.paid", "The money of a payment came in.", samplePayment(PaidPayment, Previous{"status": PendingPayment}))
	PaymentFailed   = declare("payment.failed", "A payment did not come about.", samplePayment(FailedPayment, Previous{"status": PendingPayment, "failure_reason": nil}))
	PaymentRefunded = declare("payment.refunded", "The money of a payment was given back.", samplePayment(RefundedPayment, Previous{"status": PaidPayment}))

	PipelineCreated = declare("pipeline.created", "A pipeline was set up.", PipelineEvent{Pipeline: aPipeline})
	PipelineUpdated = declare("pipeline.updated", "A pipeline's name or stages were changed.", PipelineEvent{aPipeline, Previous{"name": "Cakes"}})
	PipelineDeleted = declare("pipeline.deleted", "A pipeline was deleted; it had no deals any more.", PipelineEvent{Pipeline: aPipeline})

	DealCreated      = declare("deal.created", "A deal was entered at a stage of a pipeline.", sampleDeal(OpenDeal, nil))
	DealUpdated      = declare("deal.updated", "A deal's details, assignee or custom data were changed.", sampleDeal(OpenDeal, Previous{"amount": 30000}))
	DealStageChanged = declare("deal.stage_changed", "A deal was moved to another stage of its pipeline.", sampleDeal(OpenDeal, Previous{"stage_id": aPipeline.Stages[0].ID}))
	DealWon          = declare("deal.won", "A deal came about.", sampleDeal(WonDeal, Previous{"status": OpenDeal}))
	DealLost         = declare("deal.lost", "A deal did not come about.", sampleDeal(LostDeal, Previous{"status": OpenDeal, "lost_reason": nil}))
	DealReopened     = declare("deal.reopened", "A deal that was won or lost is open again.", sampleDeal(OpenDeal, Previous{"status": WonDeal}))
	DealDeleted      = declare("deal.deleted", "A deal was deleted.", sampleDeal(OpenDeal, nil))
)

// The sample objects of sales: they belong to the story of the others.
var (
	anOrder = Order{
		ID: "ord_01kaf0v3bkf6r1w9t5c2x8m3zq", Status: RequestedOrder, ContactID: aContact.ID, ConversationID: ptr(aConversation.ID),
		Items:  []OrderItem{{Name: "Rye bread, 1 kg", SKU: ptr("RYE-1000"), Quantity: 2, UnitAmount: 1250}},
		Amount: 2790, Currency: "EUR", CustomFields: Values{},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 14,
	}
	aPayment = Payment{
		ID: "pay_01kaf0v3bmeh4s7k1p9d3y6n0r", OrderID: ptr(anOrder.ID), ContactID: ptr(aContact.ID), Amount: 2790, Currency: "EUR",
		Provider: ptr("bank transfer"), Reference: ptr("RF18 5390 0754 7034"),
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 15,
	}
	aPipeline = Pipeline{
		ID: "pipe_01kaf0v3bnf8x2m6q4t9w1c5yj", Name: "Wedding cakes",
		Stages: []Stage{
			{ID: "stg_01kaf0v3bpe5t9c3k7r1m8z4wd", Name: "Tasting"},
			{ID: "stg_01kaf0v3bqf1y6n8d2x5s3v9hm", Name: "Offer sent"},
		},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 16,
	}
	aDeal = Deal{
		ID: "deal_01kaf0v3brfw7j4z1p6h9k2t8q", Title: "Cake for 80 guests", Status: OpenDeal,
		PipelineID: aPipeline.ID, StageID: aPipeline.Stages[1].ID, ContactID: ptr(aContact.ID), AssigneeID: ptr(aUser.ID),
		Amount: ptr[int64](32000), Currency: ptr("EUR"), CustomFields: Values{},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 17,
	}
)

func sampleOrder(status OrderStatus, previous Previous) OrderEvent {
	o := anOrder
	o.Status = status
	return OrderEvent{o, ptr(aContact.Short()), previous}
}

func samplePayment(status PaymentStatus, previous Previous) PaymentEvent {
	p := aPayment
	p.Status = status
	if status == FailedPayment {
		p.FailureReason = ptr("The account has no funds.")
	}
	return PaymentEvent{p, ptr(aContact.Short()), previous}
}

func sampleDeal(status DealStatus, previous Previous) DealEvent {
	d := aDeal
	d.Status = status
	if status == LostDeal {
		d.LostReason = ptr("Another bakery was nearer.")
	}
	return DealEvent{d, &aPipeline.Stages[1], ptr(aContact.Short()), previous}
}
