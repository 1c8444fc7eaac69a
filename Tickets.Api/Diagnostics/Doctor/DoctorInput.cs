using Tickets.Api.CommandLine;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>What <c>doctor</c> takes.</summary>
public sealed class DoctorInput : OperatorInput;
