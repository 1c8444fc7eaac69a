using System.Data.Common;

namespace Tickets.Handlers.Storage;

/// <summary>Looks whether a database is as safe as what is stored in it needs.</summary>
public interface IDatabaseExamination
{
    /// <summary>Looks, and changes nothing.</summary>
    /// <exception cref="DbException">It can't be reached.</exception>
    Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation);
}
