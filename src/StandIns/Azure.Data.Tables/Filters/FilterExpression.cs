using System.Linq.Expressions;
using System.Reflection;

namespace Azure.Data.Tables;

/// <summary>
/// Filters written as lambdas: comparisons of one property with a value, joined by and, or and not. What does not
/// mention the entity is evaluated here; string order is by <c>CompareTo</c> or <c>string.Compare</c>.
/// </summary>
internal static class FilterExpression
{
    private static readonly Dictionary<ExpressionType, (string Operator, ExpressionType Mirrored)> Comparisons = new()
    {
        [ExpressionType.Equal] = ("eq", ExpressionType.Equal),
        [ExpressionType.NotEqual] = ("ne", ExpressionType.NotEqual),
        [ExpressionType.LessThan] = ("lt", ExpressionType.GreaterThan),
        [ExpressionType.LessThanOrEqual] = ("le", ExpressionType.GreaterThanOrEqual),
        [ExpressionType.GreaterThan] = ("gt", ExpressionType.LessThan),
        [ExpressionType.GreaterThanOrEqual] = ("ge", ExpressionType.LessThanOrEqual),
    };

    /// <summary><c>null</c>, no filter, for one that is always true.</summary>
    public static string ToOData<T>(Expression<Func<T, bool>> filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return MentionsEntity(filter.Body) || !(bool)Evaluate(filter.Body) ? Condition(filter.Body) : null;
    }

    private static string Condition(Expression expression) => expression switch
    {
        BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both =>
            $"({Condition(both.Left)}) and ({Condition(both.Right)})",
        BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either =>
            $"({Condition(either.Left)}) or ({Condition(either.Right)})",
        UnaryExpression { NodeType: ExpressionType.Not } not => $"not ({Condition(not.Operand)})",
        BinaryExpression comparison when Comparisons.ContainsKey(comparison.NodeType) => Comparison(comparison),
        MethodCallExpression { Method.Name: "Equals", Object: { } left, Arguments: [var right] } =>
            Comparison(ExpressionType.Equal, left, right),
        _ when !MentionsEntity(expression) => Literal(Evaluate(expression)),
        _ => $"{Property(expression)} eq true",
    };

    private static string Comparison(BinaryExpression comparison)
    {
        var (left, right) = (comparison.Left, comparison.Right);
        return Evaluated(right) is 0 && AsCompare(left) is var (first, second)
            ? Comparison(comparison.NodeType, first, second)
            : Comparison(comparison.NodeType, left, right);
    }

    private static string Comparison(ExpressionType type, Expression left, Expression right)
    {
        if (!MentionsEntity(left))
            (type, left, right) = (Comparisons[type].Mirrored, right, left);
        var value = Evaluate(right);

        // The compiler compares enumerations as numbers; the service stores their names.
        if (Stripped(left).Type is var property && (Nullable.GetUnderlyingType(property) ?? property) is { IsEnum: true } names)
            value = value is null ? null : Enum.ToObject(names, value);
        return $"{Property(left)} {Comparisons[type].Operator} {Literal(value)}";
    }

    /// <summary>The two strings whose order a call of <c>CompareTo</c> or <c>Compare</c> tells.</summary>
    private static (Expression First, Expression Second)? AsCompare(Expression expression) => expression switch
    {
        MethodCallExpression { Method.Name: "CompareTo", Object: { } first, Arguments: [var second] } => (first, second),
        MethodCallExpression { Method.Name: "Compare", Object: null, Arguments: [var first, var second] } =>
            (first, second),
        _ => null,
    };

    /// <summary>A member of the entity, or a property of a <see cref="TableEntity"/> by its name.</summary>
    private static string Property(Expression expression) => Stripped(expression) switch
    {
        MemberExpression { Member: var member, Expression: ParameterExpression or UnaryExpression } => EntityShape.NameOf(member),
        MemberExpression { Member.Name: "Value", Expression: { } nullable } => Property(nullable),
        MethodCallExpression { Method: var method, Object: { } entity, Arguments: [var name] }
            when entity.Type == typeof(TableEntity) && IsGetter(method) => (string)Evaluate(name),
        _ => throw new NotSupportedException($"The expression '{expression}' is not supported in a filter."),
    };

    private static bool IsGetter(MethodInfo method) => method.Name.StartsWith("Get", StringComparison.Ordinal) || method.Name == "get_Item";

    private static Expression Stripped(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert
            ? Stripped(convert.Operand)
            : expression;

    private static string Literal(object value) => FilterLiteral.TryFormat(value, out var literal)
        ? literal
        : throw new NotSupportedException($"A value of type {value.GetType()} is not supported in a filter.");

    private static object Evaluated(Expression expression) => MentionsEntity(expression) ? null : Evaluate(expression);

    private static object Evaluate(Expression expression) => expression is ConstantExpression constant
        ? constant.Value
        : Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();

    private static bool MentionsEntity(Expression expression)
    {
        var search = new ParameterSearch();
        search.Visit(expression);
        return search.Found;
    }

    private sealed class ParameterSearch : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found = true;
            return node;
        }
    }
}
