"""Who a protected reporter is: sealed apart, asked for with a reason, granted by a custodian to one person for a while."""
