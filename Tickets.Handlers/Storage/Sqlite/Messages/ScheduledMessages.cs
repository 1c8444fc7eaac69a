using Dapper;
using Wolverine;
using Wolverine.Persistence.Durability.ScheduledMessageManagement;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Shows and changes what is scheduled for later.</summary>
internal sealed class ScheduledMessages(StoreWriter writer, Uri database) : IScheduledMessages
{
    private const string IsScheduled = $"status = '{nameof(EnvelopeStatus.Scheduled)}'";

    public async Task<ScheduledMessageResults> QueryAsync(ScheduledMessageQuery query, CancellationToken token)
    {
        if (query.SagaId is not null)
        {
            return await ScheduledMessageSagaFilter.QueryAsync(this, query, token);
        }

        var (where, parameters) = FilterOf(query);
        var total = await writer.ScalarAsync<int>($"SELECT count(*) FROM incoming_messages WHERE {where}", parameters, token);
        var rows = await writer.QueryAsync<IncomingRow>(
            $"SELECT {IncomingQueries.Columns} FROM incoming_messages WHERE {where} ORDER BY execution_time, id {Paging.Of(query.PageNumber, query.PageSize)}",
            parameters,
            token);
        return new ScheduledMessageResults
        {
            TotalCount = total,
            PageNumber = query.PageNumber,
            DatabaseUri = database,
            Messages = [.. rows.Select(row => SummaryOf(row.ToEnvelope()))],
        };
    }

    public async Task CancelAsync(ScheduledMessageQuery query, CancellationToken token)
    {
        // The saga is known to the bodies alone. None found must not become a condition that fits all.
        var resolved = query.SagaId is null ? query : await ScheduledMessageSagaFilter.ResolveCancellationAsync(this, query, token);
        if (resolved is null)
        {
            return;
        }

        var (where, parameters) = FilterOf(resolved);
        await writer.ExecuteAsync($"DELETE FROM incoming_messages WHERE {where}", parameters);
    }

    public Task RescheduleAsync(Guid envelopeId, DateTimeOffset newExecutionTime, CancellationToken token) => writer.ExecuteAsync(
        $"UPDATE incoming_messages SET execution_time = @time WHERE id = @id AND {IsScheduled}",
        new { id = envelopeId.ToString(), time = newExecutionTime.ToUnixTimeMilliseconds() });

    public async Task<IReadOnlyList<ScheduledMessageCount>> SummarizeAsync(string serviceName, CancellationToken token)
    {
        var rows = await writer.QueryAsync<(string MessageType, long Count)>(
            $"SELECT message_type, count(*) FROM incoming_messages WHERE {IsScheduled} GROUP BY message_type", cancellation: token);
        return [.. rows.Select(row => new ScheduledMessageCount(serviceName, row.MessageType, database, (int)row.Count))];
    }

    private static (string Where, DynamicParameters Parameters) FilterOf(ScheduledMessageQuery query)
    {
        List<string> conditions = [IsScheduled];
        var parameters = new DynamicParameters();
        Add("id IN (SELECT value FROM json_each(@ids))", "ids", query.MessageIds.Length > 0 ? EnvelopeIds.Of(query.MessageIds) : null);
        Add("message_type = @messageType", "messageType", query.MessageType);
        Add("execution_time >= @from", "from", query.ExecutionTimeFrom?.ToUnixTimeMilliseconds());
        Add("execution_time <= @to", "to", query.ExecutionTimeTo?.ToUnixTimeMilliseconds());
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

    private static ScheduledMessageSummary SummaryOf(Envelope envelope) => new()
    {
        Id = envelope.Id,
        MessageType = envelope.MessageType,
        ScheduledTime = envelope.ScheduledTime,
        Destination = envelope.Destination?.ToString(),
        SentAt = envelope.SentAt,
        Attempts = envelope.Attempts,
        TenantId = envelope.TenantId,
        SagaId = envelope.SagaId,
    };
}
