using Dapper;
using Wolverine.Persistence.Durability.DeadLetterManagement;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Turns a query for dead letters into a condition.</summary>
internal static class DeadLetterFilter
{
    /// <exception cref="NotSupportedException">The query asks for what this store does not keep.</exception>
    public static (string Where, DynamicParameters Parameters) Of(DeadLetterEnvelopeQuery query)
    {
        if (query.FailureGroup is not null || query.Archived == DeadLetterArchiveFilter.Only)
        {
            throw new NotSupportedException("Dead letters here have no failure groups and no archive.");
        }

        // Headers are left to the caller: no column has them.
        List<string> conditions = ["1 = 1"];
        var parameters = new DynamicParameters();
        if (query.MessageIds.Length > 0)
        {
            Add("id IN (SELECT value FROM json_each(@ids))", "ids", EnvelopeIds.Of(query.MessageIds));
            return (conditions[^1], parameters);
        }

        var time = query.RangeOn == DeadLetterTimeField.FailedAt ? "failed_at" : "sent_at";
        Add($"{time} >= @from", "from", query.Range.From?.ToUnixTimeMilliseconds());
        Add($"{time} <= @to", "to", query.Range.To?.ToUnixTimeMilliseconds());
        Add("message_type = @messageType", "messageType", query.MessageType);
        Add("exception_type = @exceptionType", "exceptionType", query.ExceptionType);
        Add("exception_message LIKE @exceptionMessage", "exceptionMessage", query.ExceptionMessage);
        Add("received_at = @receivedAt", "receivedAt", query.ReceivedAt);
        Add("replayable = @replayable", "replayable", query.Replayable);
        return (string.Join(" AND ", conditions), parameters);

        void Add(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                parameters.Add(name, value);
            }
        }
    }
}
