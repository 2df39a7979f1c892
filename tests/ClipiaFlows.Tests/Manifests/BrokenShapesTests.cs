using System.Text;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Manifests;

public sealed class BrokenShapesTests
{
    public static TheoryData<string, string, string> All()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var (code, pointer, manifest) in BrokenShapes.All)
            rows.Add(code, pointer, manifest);
        return rows;
    }

    [Theory, MemberData(nameof(All))]
    public void Read_BrokenShape_IsToldOnceAndCompletely(string code, string pointer, string manifest)
    {
        var problem = Assert.Single(ManifestReader.Read(Encoding.UTF8.GetBytes(manifest)).Problems);

        Assert.Equal((code, pointer), (problem.Code, problem.Pointer));
        Assert.NotEmpty(problem.Expected);
        Assert.NotEmpty(problem.Message);
        Assert.Equal(code == ProblemCodes.MissingField, problem.Value is null);
    }
}
