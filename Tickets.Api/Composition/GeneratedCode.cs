using JasperFx.CodeGeneration;
using Wolverine;

namespace Tickets.Api.Composition;

/// <summary>The code around the handlers, which Wolverine writes: at the build by <c>codegen write</c>, else at start.</summary>
internal static class GeneratedCode
{
    private const string Namespace = "Internal.Generated";

    private static bool IsBuiltIn => Array.Exists(
        typeof(GeneratedCode).Assembly.GetTypes(), type => type.Namespace?.StartsWith(Namespace, StringComparison.Ordinal) == true);

    public static void UseGeneratedCode(this WolverineOptions wolverine)
    {
        wolverine.ApplicationAssembly = typeof(GeneratedCode).Assembly;
        wolverine.CodeGeneration.TypeLoadMode = IsBuiltIn ? TypeLoadMode.Static : TypeLoadMode.Dynamic;

        // `codegen` compiles also where all is built in. The compiler is loaded when it is used.
        wolverine.UseRuntimeCompilation();
    }
}
