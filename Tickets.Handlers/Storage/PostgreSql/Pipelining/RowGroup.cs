using System.Data.Common;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>Rows of many units of one tenant, for the same statement.</summary>
internal sealed class RowGroup(IReadOnlyList<RowStatement> members)
{
    private readonly BatchedStatement _form = members[0].Form;
    private readonly List<object?> _found = [];

    /// <summary>
    /// The group failed for one of its members, and there is no telling which: each of them is to be tried by itself.
    /// </summary>
    public bool IsCulpritUnknown { get; private set; }

    /// <summary>Makes one statement of them. Each member gets its part of what comes.</summary>
    public PipelinedStatement Join()
    {
        List<object> rows = [.. members.SelectMany(member => member.Rows)];
        var statement = new PipelinedStatement(_form.CommandFor(rows), members[0].Tenant, _form.Reads ? ReadAsync : null);
        _ = AnswerAsync(statement, rows.Count);
        return statement;
    }

    private async ValueTask ReadAsync(DbDataReader reader)
    {
        while (await reader.ReadAsync(CancellationToken.None))
        {
            _found.Add(reader.GetValue(0) is var value and not DBNull ? value : null);
        }
    }

    private async Task AnswerAsync(PipelinedStatement statement, int rows)
    {
        try
        {
            await statement.Completion;
        }
#pragma warning disable CA1031 // Whatever it is, who waits must be told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
            return;
        }

        var changed = (int)statement.Command.RecordsAffected;
        if (_form.Reads || members.Count == 1 || changed == rows)
        {
            for (var i = 0; i < members.Count; i++)
            {
                members[i].Complete(_form.Reads ? _form.ValueOf(_found, i, rows) : members.Count == 1 ? changed : members[i].Rows.Count);
            }
        }
        else
        {
            Fail(new InvalidOperationException($"{changed} rows were changed by {rows}."));
        }
    }

    private void Fail(Exception fault)
    {
        // All are of one tenant, and so is whatever holds them up.
        IsCulpritUnknown = members.Count > 1 && fault is not GroupAbortedException && !PostgreSqlFaults.IsHeldUp(fault);
        foreach (var member in members)
        {
            member.Fail(IsCulpritUnknown ? new GroupAbortedException(fault) : fault);
        }
    }
}
