using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine;

/// <summary>What every word takes that an operator has for the running system, also where its input is a library's.</summary>
public interface IOperatorInput : IHostBuilderInput
{
    /// <summary>Whether the result is printed as JSON alone.</summary>
    bool JsonFlag { get; }

    /// <summary>What can't be done; null when it can.</summary>
    string? Fault();
}
