with

span as (

    select
        least(min(figure.year), min(year(publication.as_of))) as first_year,
        greatest(max(figure.year) + 1, max(year(publication.as_of))) as last_year
    from {{ source('disclosed', 'figure') }} as figure
    cross join {{ source('disclosed', 'publication') }} as publication

),

days as (

    select {{ days_between('make_date(first_year, 1, 1)', 'make_date(last_year, 12, 31)') }} as day
    from span

),

final as (

    select
        cast(day as date) as date_day,
        cast(year(day) as integer) as year
    from days

)

select * from final
