using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>Looks for what is known to go wrong in one place.</summary>
internal interface IExamination
{
    /// <summary>Looks, and changes nothing. What can't be looked at is a diagnosis, too.</summary>
    Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation);
}
